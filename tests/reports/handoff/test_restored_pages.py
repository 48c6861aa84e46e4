"""A restored engagement is read on pages and by programs, and no address of it changes anything."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from core.evidence import verify
from engagements.models import Engagement
from reports.domain.restore_handoff import restore_handoff
from reports.handoff.restoring import pack_restored
from reports.models import RestoredEngagement, RestoredFile, RestoredRow
from reports.restored_pages import PAGES
from tests.laws.acts import ACTS
from tests.laws.routes import ROUTES
from tests.laws.world import named_urls

pytestmark = pytest.mark.django_db

FILLED = {
    "pk": 1,
    "number": 1,
    "runbook": "incident",
    "fact": "on_call",
    "path": "main.cf",
    "slug": "streams",
    "version": "1.0",
    "preview": 1,
    "page": 1,
    "position": 1,
    "item": 1,
    "reader": "csv",
    "earlier": 1,
}


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch):
    """The table of acts is longer than what one person may ask for in a minute."""
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.allow_request", lambda *_: True)


@pytest.fixture
def restored(packed, worked, olga):
    """Under a code of its own, in a portal that has the live engagement as well."""
    key = verify.verify(str(packed)).key
    return restore_handoff(packed.read_bytes(), key=key, code="OLD-7", actor=olga)


def read(client, restored, page):
    answer = client.get(reverse("restored:page", args=[restored.code, page]))
    assert answer.status_code == 200
    return answer.content.decode()


def rows_in_all():
    return [model.objects.count() for model in (RestoredEngagement, RestoredRow, RestoredFile)]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("overview", "Northlake"),
        ("documents", "Carl Brandt"),
        ("history", "approved"),
        ("runbooks", "In force, to read"),
        ("findings", "Severity"),
        ("totals", "=cmd@gmail.com"),
        ("files", "translation-map.csv"),
    ],
)
def test_every_page_is_read_from_what_was_restored(client, restored, olga, page, said):
    client.force_login(olga)

    text = read(client, restored, page)

    assert said in text
    assert restored.key in text


def test_whose_pack_it_is_is_told_by_its_key(client, restored, olga, settings, tmp_path):
    client.force_login(olga)

    own = read(client, restored, "overview")
    settings.PORTAL_KEY_FOLDER = tmp_path / "other-keys"
    others = read(client, restored, "overview")

    assert "comes from a pack that this portal itself sealed with this key" in own
    assert "comes from a pack that another portal sealed with this key" in others


def test_codes_days_and_numbers_are_read_in_words(client, restored, olga):
    client.force_login(olga)

    overview, found, totals, runbooks = (
        " ".join(strip_tags(read(client, restored, page).replace("<", " <")).split())
        for page in ("overview", "findings", "totals", "runbooks")
    )

    assert "1 Signed 2 Open 3 Cannot start yet" in overview
    assert "High" in found
    assert not re.search(r"\b(high|medium|blocker)\b", found)
    assert "Day Side Provider Delivered" in totals
    assert not re.search(r"\d{4}-\d{2}-\d{2}", totals + runbooks)
    assert "'=cmd@gmail.com" not in totals


def test_a_long_list_is_read_in_pieces(client, restored, olga):
    client.force_login(olga)

    first, second = (
        client.get(reverse("restored:page", args=[restored.code, "findings"]), {"page": number}) for number in (1, 2)
    )

    told = [[row[0].text for row in answer.context["sheets"][0].rows] for answer in (first, second)]
    assert len(told[0]) == 50
    assert told[1]
    assert not set(told[0]) & set(told[1])
    assert "?page=2" in first.content.decode()


def test_there_is_no_other_page_than_those(client, restored, olga):
    client.force_login(olga)

    assert set(PAGES) == {"overview", "documents", "history", "runbooks", "findings", "totals", "files"}
    assert client.get(reverse("restored:page", args=[restored.code, "nothing"])).status_code == 404


def test_a_file_is_sent_to_be_kept_and_never_opened_in_the_page(client, restored, olga):
    client.force_login(olga)
    file = restored.files.filter(path__startswith="documents/", path__endswith=".pdf").first()

    answer = client.get(reverse("restored:file", args=[restored.code, file.path]))

    assert answer.content == bytes(file.content)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_pack_is_taken_away_again_as_it_came(client, restored, packed, lea):
    client.force_login(lea)

    answer = client.post(reverse("restored:take", args=[restored.code]))

    assert answer.content == packed.read_bytes() == pack_restored(restored)


def test_it_is_read_by_owner_and_leads_alone(client, restored, ada, sam, carl, vera):
    for person in (ada, sam, carl, vera):
        client.force_login(person)
        assert client.get(reverse("restored:page", args=[restored.code, "overview"])).status_code == 404
        assert client.get("/api/v1/restored/").json() == []


def acts_on_engagements():
    """Every address that acts and names an engagement, of pages and of the API."""
    acting = set(ACTS) | {name for name, method in ROUTES if method != "get"}
    for name, words in named_urls():
        if name in acting and "code" in words and not name.startswith(("dictionary", "api:dictionary")):
            yield name, words


def filled(name, words, code):
    known = {"code": code, **FILLED}
    for value in ("1", 1):
        arguments = {word: known.get(word, value) for word in words}
        try:
            return reverse(name, kwargs=arguments)
        except Exception:  # noqa: BLE001 (some words are numbers, some are not)
            continue
    return None


def test_every_act_on_it_is_refused_with_a_sentence_whatever_the_address(client, restored, olga):
    client.force_login(olga)
    before, refused, silent = rows_in_all(), [], []

    for name, words in acts_on_engagements():
        address = filled(name, words, restored.code)
        for act in (client.post, client.put, client.patch, client.delete) if address else ():
            answer = act(address)
            if answer.status_code == 405:
                continue
            if answer.status_code == 409:
                assert "restored from a handoff pack" in answer.content.decode(), name
                refused.append(name)
            else:
                assert answer.status_code in {400, 401, 404, 415, 422}, (name, answer.status_code)
                silent.append((name, answer.status_code))

    assert rows_in_all() == before
    assert len(refused) > 150
    assert len(silent) < len(refused) / 10, silent


def test_the_live_engagement_of_the_same_customer_goes_on(client, restored, worked, carl):
    client.force_login(carl)

    client.post(reverse("engagements:questions", args=[worked.code]), {"text": "And now?"})

    assert Engagement.objects.get(pk=worked.pk).questions.filter(text="And now?").exists()


def test_others_are_not_told_that_there_is_such_a_code(client, restored, carl):
    client.force_login(carl)

    answer = client.post(reverse("engagements:questions", args=[restored.code]), {"text": "Is it?"})

    assert answer.status_code == 404
    assert "restored" not in answer.content.decode()


def test_the_owner_restores_on_the_page_after_seeing_the_key(client, packed, worked, olga):
    client.force_login(olga)
    key = verify.verify(str(packed)).key
    address = reverse("restored:list")

    with packed.open("rb") as file:
        shown = client.post(address, {"pack": file, "key": "", "code": "OLD-9"})
    with packed.open("rb") as file:
        done = client.post(address, {"pack": file, "key": key, "code": "OLD-9"})

    told = shown.content.decode()
    assert shown.status_code == 422
    assert f"This pack is sealed with this portal&#x27;s own key {key}." in told
    assert "1 thing to correct" in told
    assert "Nothing was restored" in told
    assert re.search(r"Fingerprint of the key of the portal it comes from</label>", told)
    assert done.status_code == 302
    assert "OLD-9" in client.get(address).content.decode()


def test_a_program_restores_and_reads_the_rows(client, packed, worked, olga):
    client.force_login(olga)
    key = verify.verify(str(packed)).key

    with packed.open("rb") as file:
        shown = client.post("/api/v1/restored/", {"pack": file})
    with packed.open("rb") as file:
        done = client.post("/api/v1/restored/", {"pack": file, "key": key, "code": "OLD-9"})
    rows = client.get("/api/v1/restored/OLD-9/rows/findings/").json()["rows"]

    assert shown.status_code == 422
    assert key in shown.content.decode()
    assert done.status_code == 201
    assert len(rows) == RestoredRow.objects.filter(table="findings").count()
    assert client.get("/api/v1/restored/OLD-9/rows/nothing/").status_code == 404
