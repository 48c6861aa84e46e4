"""Keys from a tracker's file: all of them or, with the rows named, none."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import DomainError, Refused
from core.models import AuditEvent
from discovery.domain.import_keys import ImportedKeys, import_keys
from discovery.domain.note_key import note_key, remove_key
from discovery.models import ExternalKey
from discovery.trackers.key_sheet import MOST_ROWS, read_keys
from engagements.models import GateTask
from tests.discovery.pages import text_of
from tests.factories.discovery import made_up, read
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def upload(engagement, ada):
    return read(engagement, actor=ada)


@pytest.fixture
def finding(engagement, upload):
    return engagement.findings.first()


def named(engagement, number, letter="F"):
    return f"GP-{engagement.code}-{letter}{number}"


def bring(engagement, text, actor, **more):
    return import_keys(engagement, system="jira", content=text.encode(), actor=actor, **more)


def keys():
    return dict(ExternalKey.objects.standing().values_list("key", "address"))


@pytest.mark.parametrize(
    "header",
    ["External ID,Key", "external id;KEY", "Summary,Issue key,Custom field (External ID)", "number,correlation_id"],
)
def test_columns_are_known_as_people_and_trackers_name_them(header):
    comma = ";" if ";" in header else ","
    cells = {"summary": "A, b", "key": "MAIL-7", "number": "MAIL-7", "issue key": "MAIL-7"}
    row = comma.join(f'"{cells.get(name.lower(), "GP-E-1-F2")}"' for name in header.split(comma))

    sheet = read_keys(f"\ufeff{header}\n{row}\n".encode())

    assert [(one.number, one.external_id, one.key) for one in sheet.rows] == [(2, "GP-E-1-F2", "MAIL-7")]


def test_the_apostrophe_before_a_formula_is_taken_off_again():
    assert read_keys(b"External ID,Key\nGP-E-1-F2,'=1").rows[0].key == "=1"


def test_findings_and_tasks_get_their_keys_and_their_links_in_one_act(engagement, finding, carl):
    task = GateTask.objects.filter(gate__engagement=engagement).first()
    text = f"External ID,Key,Address\n{named(engagement, finding.number).lower()},MAIL-7,\n{named(engagement, task.pk, 'T')},MAIL-8,https://a.example/8\n,MAIL-9,\n"

    found = bring(engagement, text, carl, base="https://northlake.atlassian.net/browse/")

    assert found == ImportedKeys(new=2, known=0, strange=1)
    assert keys() == {"MAIL-7": "https://northlake.atlassian.net/browse/MAIL-7", "MAIL-8": "https://a.example/8"}
    event = AuditEvent.objects.get(action="keys.imported")
    assert event.data["keys"] == [
        [named(engagement, finding.number), "MAIL-7"],
        [named(engagement, task.pk, "T"), "MAIL-8"],
    ]


def test_the_same_file_once_more_changes_nothing(engagement, finding, carl):
    text = f"External ID,Key\n{named(engagement, finding.number)},MAIL-7\n"
    bring(engagement, text, carl)
    before = list(ExternalKey.objects.values_list())

    again = bring(engagement, text, carl)

    assert again == ImportedKeys(new=0, known=1, strange=0)
    assert list(ExternalKey.objects.values_list()) == before
    assert AuditEvent.objects.filter(action="keys.imported").count() == 1


def test_a_key_that_was_taken_off_is_recorded_anew(engagement, finding, carl):
    note_key(finding, system="jira", key="MAIL-1", actor=carl, version=0)
    remove_key(finding, system="jira", actor=carl, version=1)

    bring(engagement, f"External ID,Key\n{named(engagement, finding.number)},MAIL-7\n", carl)

    assert list(ExternalKey.objects.values_list("key", "version")) == [("MAIL-7", 3)]


def test_with_wrong_rows_nothing_is_recorded_and_every_one_is_named(engagement, upload, ada):
    first, second, third, fourth, *_ = engagement.findings.all()
    note_key(first, system="jira", key="MAIL-1", actor=ada, version=0)
    rows = [
        f"{named(engagement, second.number)},MAIL-2",
        "GP-E-1999-0001-F1,MAIL-3",
        f"{named(engagement, third.number)},two words",
        f"{named(engagement, third.number)},mail-1",
        f"{named(engagement, fourth.number)},MAIL-2",
        f"{named(engagement, first.number)},MAIL-9",
        f"{named(engagement, third.number)},",
    ]

    with pytest.raises(DomainError) as refused:
        bring(engagement, "External ID,Key\n" + "\n".join(rows), ada)

    said = list(refused.value.reasons)
    assert said[0] == "Nothing was recorded."
    assert [one.partition(":")[0] for one in said[1:]] == ["Row 3", "Row 4", "Row 5", "Row 6", "Row 7", "Row 8"]
    assert said[1] == "Row 3: GP-E-1999-0001-F1 names no finding and no task of this engagement."
    assert said[3] == f"Row 5: mail-1 belongs to “{first}” already."
    assert said[4] == f"Row 6: MAIL-2 belongs to “{second}” already."
    assert said[5] == f"Row 7: “{first}” has MAIL-1 already. Take that key off first, on its page."
    assert keys() == {"MAIL-1": ""}
    assert not AuditEvent.objects.filter(action="keys.imported").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Row 1 has to name the columns External ID and Key. Missing: External ID, Key."),
        ("External ID,Ticket\nGP-E-1-F1,MAIL-1\n", "Row 1 has to name the columns External ID and Key. Missing: Key."),
        ("External ID,Key\n", "The file has no row below its header."),
        ("External ID,Key\n" + "GP-E-1-F1,A-1\n" * (MOST_ROWS + 1), "The file has more than 2,000 rows."),
        ("\x00\x01", "Row 1 has to name the columns External ID and Key. Missing: External ID, Key."),
    ],
)
def test_what_is_no_table_of_keys_is_refused_with_what_one_is(engagement, carl, text, sentence):
    with pytest.raises(DomainError) as refused:
        bring(engagement, text, carl)

    assert list(refused.value.reasons) == ["Nothing was recorded.", sentence]


def test_an_address_before_the_keys_that_is_none_is_said_once(engagement, finding, carl):
    text = f"External ID,Key\n{named(engagement, finding.number)},MAIL-7\n" * 3

    with pytest.raises(DomainError) as refused:
        bring(engagement, text, carl, base="http://northlake.example/")

    assert len(refused.value.reasons) == 2
    assert not ExternalKey.objects.exists()


def test_who_only_reads_brings_no_file(engagement, finding, vera):
    with pytest.raises(Refused):
        bring(engagement, f"External ID,Key\n{named(engagement, finding.number)},MAIL-7\n", vera)

    assert not ExternalKey.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(engagement, upload, ada):
    made = [made_up(upload, 900 + number) for number in range(40)]
    type(made[0]).objects.bulk_create(made)
    rows = [f"{named(engagement, one.number)},MAIL-{one.number}" for one in made]
    with CaptureQueriesContext(connection) as few:
        bring(engagement, "External ID,Key\n" + "\n".join(rows[:2]), ada)

    with CaptureQueriesContext(connection) as many:
        bring(engagement, "External ID,Key\n" + "\n".join(rows[2:]), ada)

    assert ExternalKey.objects.count() == 40
    assert len(many) <= len(few)


def test_the_page_takes_the_file_and_lists_what_it_recorded(client, engagement, finding, carl):
    client.force_login(carl)
    url = reverse("trackers:home", args=[engagement.code])
    text = f"External ID,Key\n{named(engagement, finding.number)},MAIL-7\n,MAIL-8\n"
    sheet = SimpleUploadedFile("jira.csv", text.encode())

    sent = client.post(url, {"system": "jira", "sheet": sheet, "base": "https://a.example/"}, follow=True)

    page = text_of(sent)
    assert "1 key recorded, 0 stood there. 1 row named nothing of the portal." in page
    assert '<a class="mono text-break" href="https://a.example/MAIL-7" rel="noopener noreferrer">MAIL-7</a>' in page


def test_a_refused_file_keeps_what_was_typed_beside_it(client, engagement, finding, carl):
    client.force_login(carl)
    sheet = SimpleUploadedFile("jira.csv", b"External ID,Key\nGP-X-F1,MAIL-7\n")

    refused = client.post(
        reverse("trackers:home", args=[engagement.code]),
        {"system": "servicenow", "sheet": sheet, "base": "https://a.example/"},
    )

    assert refused.status_code == 422
    assert "Row 2: GP-X-F1 names no finding and no task of this engagement." in text_of(refused)
    assert 'value="https://a.example/"' in text_of(refused)
