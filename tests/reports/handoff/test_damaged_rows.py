"""A pack whose rows were damaged before it was sealed: refused with the row, or every page of it can be read."""

import copy
import io
import json
import tracemalloc
import zipfile

import pytest
from django.db import transaction
from django.urls import reverse

from core import portal_key
from core.audit import canonical, digest_of
from core.errors import DomainError
from engagements.evidence import manifest_of, seal_of
from reports.domain.restore_handoff import restore_handoff
from reports.handoff import restoring
from reports.handoff.fields import fault_of_spreadsheet, faults_of_rows, limits
from reports.handoff.reading import NOTHING
from reports.models import RestoredEngagement
from reports.restored_pages import PAGES

pytestmark = pytest.mark.django_db

MISSING = object()
DAMAGES = {
    "missing": MISSING,
    "null": None,
    "empty": "",
    "text": "2026-99-99T99:99:99Z",
    "day": "2026-99-99",
    "end of time": "9999-12-31T23:59:59-14:00",
    "long text": "x" * 20_000,
    "number": 7,
    "huge number": 10**4000,
    "fraction": 0.5,
    "truth": True,
    "list": [["deep", None]],
    "fields": {"name": [None]},
}
DEEPEST = 6
DRILL = {"number_here": 1, "revision": 1, "held_on": "2026-11-01", "minutes": 5, "participants": "Ada", "outcome": "Ok"}
KEY = {"number_here": 1, "record_name": "s._domainkey.a.example", "noted_at": "2026-11-01T10:00:00Z", "proof": "p"}


@pytest.fixture
def members(packed):
    """Of a pack in which every table that a page reads has a row."""
    with zipfile.ZipFile(packed) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    shape = json.loads(found["engagement.json"])
    shape["tables"]["runbook_drills"] = [{**DRILL, "revision": shape["tables"]["runbooks"][0]["number_here"]}]
    shape["tables"]["selector_keys"] = [KEY]
    return {**found, "engagement.json": canonical(shape)}


@pytest.fixture
def reader(client, olga):
    client.force_login(olga)
    return client


def sealed(members, **manifest):
    about = {**json.loads(members["manifest.json"]), **manifest}
    inside = {name: content for name, content in members.items() if name not in {"manifest.json", "seal.json"}}
    del about["files"], about["format"]
    told = manifest_of(inside, **about)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in {**inside, "manifest.json": told, "seal.json": seal_of(told)}.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_tables(members, tables):
    return {**members, "engagement.json": canonical({**json.loads(members["engagement.json"]), "tables": tables})}


def tables_of(members):
    return json.loads(members["engagement.json"])["tables"]


def places_in(value, way=()):
    """Every field of a row, and every place inside of it: of a list its last."""
    inside = (
        value.items() if isinstance(value, dict) else list(enumerate(value))[-1:] if isinstance(value, list) else ()
    )
    for name, one in inside:
        yield (*way, name)
        yield from places_in(one, (*way, name))


def damaged(row, way, damage):
    """The same row with another value at one place, or with nothing there."""
    made = copy.deepcopy(row)
    place = made
    for name in way[:-1]:
        place = place[name]
    if damage is MISSING:
        del place[way[-1]]
    else:
        place[way[-1]] = damage
    return made


def restore(content, actor):
    return restore_handoff(content, key=portal_key.portal_key().fingerprint, code="OLD-1", actor=actor)


def read_every_page(client, restored, pages=PAGES):
    for page in pages:
        answer = client.get(reverse("restored:page", args=[restored.code, page]))
        assert answer.status_code == 200, page
    assert client.get(reverse("restored:list")).status_code == 200


def is_readable(table, row):
    return not list(faults_of_rows(table, table, [row]))


def all_damaged(tables, damage, depth, *, readable):
    """Every table with its last row damaged at each place of one depth where that alone leaves it readable, or not."""
    made, ways = dict(tables), []
    for name, rows in tables.items():
        last = rows[-1] if rows else {}
        for way in (way for way in places_in(last) if len(way) == depth):
            if is_readable(name, damaged(last, way, damage)) == readable:
                made[name] = [*rows[:-1], damaged(made[name][-1], way, damage)]
                ways.append((name, *way))
    return made, ways


def test_the_pages_read_no_table_whose_fields_are_not_checked(members, reader, olga, monkeypatch):
    asked = set()

    def rows_by_table(restored, *names):
        asked.update(names)
        return restoring.rows_by_table(restored, *names)

    monkeypatch.setattr("reports.restored_pages.rows_by_table", rows_by_table)
    read_every_page(reader, restore(sealed(members), olga))

    assert asked == set(limits()["fields"])


@pytest.mark.parametrize("kind", DAMAGES)
def test_where_a_damaged_place_is_let_in_every_page_is_still_read(members, reader, olga, kind):
    tables, let_in = tables_of(members), 0

    for depth in range(1, DEEPEST + 1):
        made, ways = all_damaged(tables, DAMAGES[kind], depth, readable=True)
        let_in += len(ways)
        with transaction.atomic():
            read_every_page(reader, restore(sealed(with_tables(members, made)), olga))
            transaction.set_rollback(True)

    assert let_in > 500


@pytest.mark.parametrize("kind", DAMAGES)
def test_where_a_damaged_field_cannot_be_read_its_table_row_and_name_are_told(members, olga, kind):
    tables = tables_of(members)
    made, ways = all_damaged(tables, DAMAGES[kind], 1, readable=False)

    for table in {name for name, _ in ways}:
        with pytest.raises(DomainError) as refusal:
            restore(sealed(with_tables(members, {**tables, table: made[table]})), olga)

        place = f"engagement.json, table {table}, row {len(tables[table])}: "
        *told, end = refusal.value.reasons
        fields = {field for name, field in ways if name == table}
        assert {reason.removeprefix(place).split()[0] for reason in told} == fields
        assert all(reason.startswith(place) for reason in told)
        assert end.endswith(NOTHING)
    assert not RestoredEngagement.objects.exists()


def with_list(members, name, rows):
    return {**members, name: json.dumps(rows, indent=1, ensure_ascii=False).encode()}


def with_last_event(members, event):
    """The last line of the ledger written anew, its digest and the head as it then is."""
    told = {name: value for name, value in event.items() if name != "digest"}
    event = {**told, "digest": digest_of(told)}
    head = {**json.loads(members["head.json"]), "digest": event["digest"]}
    lines = [*members["ledger.jsonl"].splitlines()[:-1], canonical(event), b""]
    return {**members, "ledger.jsonl": b"\n".join(lines), "head.json": canonical(head)}


def one_field_damaged(members, damage):
    """The lists and the last event, each with one field damaged."""
    for name in ("documents.json", "signatures.json"):
        *others, row = json.loads(members[name])
        for field in row:
            yield name, field, with_list(members, name, [*others, damaged(row, [field], damage)])
    event = json.loads(members["ledger.jsonl"].splitlines()[-1])
    for field in event.keys() - {"digest"}:
        yield "ledger.jsonl", field, with_last_event(members, damaged(event, [field], damage))


@pytest.mark.parametrize("kind", ["missing", "null", "list", "huge number"])
def test_a_damaged_list_or_event_is_refused_or_its_pages_are_still_read(members, reader, olga, kind):
    refused, let_in = [], []

    for name, field, made in one_field_damaged(members, DAMAGES[kind]):
        try:
            with transaction.atomic():
                read_every_page(reader, restore(sealed(made), olga), ["documents", "history"])
                let_in.append((name, field))
                transaction.set_rollback(True)
        except DomainError as error:
            refused.append((name, field, error.reasons))

    assert len(refused) + len(let_in) > 30
    assert ("documents.json", "title") in {(name, field) for name, field, _ in refused}
    assert all(NOTHING in reasons[-1] or "Nothing was packed" in reasons[-1] for _, _, reasons in refused)
    assert not RestoredEngagement.objects.exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"made_at": "2026-99-99T00:00:00Z"}, "does not say when the pack was made"),
        ({"made_at": "9999-12-31T23:59:59-14:00"}, "does not say when the pack was made"),
        ({"made_at": None}, "does not say when the pack was made"),
        ({"customer": ["Northlake"]}, "does not name the customer"),
        ({"customer": " "}, "does not name the customer"),
        ({"engagement": 7}, "about 7"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(members, olga, told, said):
    with pytest.raises(DomainError, match=said):
        restore(sealed(members, **told), olga)

    assert not RestoredEngagement.objects.exists()


def test_a_code_that_is_no_text_is_refused_even_where_both_files_say_it(members, olga):
    shape = {**json.loads(members["engagement.json"]), "code": 7}

    with pytest.raises(DomainError, match="does not name the engagement"):
        restore(sealed({**members, "engagement.json": canonical(shape)}, engagement=7), olga)


def test_a_spreadsheet_that_is_no_table_is_refused_by_its_name(members, olga):
    with pytest.raises(DomainError, match=r"training\.csv does not read as a table"):
        restore(sealed({**members, "training.csv": b"session\r\n" + b"x" * 200_000}), olga)

    assert not RestoredEngagement.objects.exists()


def test_a_spreadsheet_is_checked_row_by_row():
    content = b"a,b\r\n" * 400_000

    tracemalloc.start()
    fault = fault_of_spreadsheet("training.csv", content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert fault == ""
    assert most < len(content) / 2  # a list of its rows takes many times its bytes


def test_cells_that_look_like_days_and_numbers_are_shown_as_they_stand(members, reader, olga):
    cells = ["2026-99-99", "9999-12-31T23:59:59-14:00", "9" * 5000]
    restored = restore(sealed({**members, "training.csv": ("what\r\n" + "\r\n".join(cells)).encode()}), olga)

    text = reader.get(reverse("restored:page", args=[restored.code, "totals"])).content.decode()

    assert all(cell in text for cell in cells)
