"""Discovery over the API does what the pages do: the same sentences, the same versions, the same ledger."""

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from tests.factories import discovery
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def upload(engagement, ada):
    return discovery.read(engagement, actor=ada)


@pytest.fixture
def api(client, ada, engagement):
    """Ask as Ada; names of routes without their prefix."""
    client.force_login(ada)

    def ask(name, *arguments, method="get", sent=None, **headers):
        url = reverse(f"api:discovery:{name}", args=[engagement.code, *arguments])
        if method == "get":
            return client.get(url, sent or {})
        return client.post(url, sent or {}, "application/json", headers=headers)

    return ask


def test_an_act_names_the_version_it_read_and_gets_the_next(api, upload, engagement):
    finding = engagement.findings.first()
    tag = api("finding", finding.number)["ETag"]

    accepted = api("finding_accept", finding.number, method="post", sent={"note": "So it is."}, if_match=tag)

    assert accepted.status_code == 200
    assert accepted.json()["state"] == "accepted"
    assert accepted["ETag"] == '"2"'
    assert AuditEvent.objects.filter(action="finding.accepted").count() == 1


def test_an_act_on_an_old_version_says_who_was_first_and_changes_nothing(api, upload, engagement):
    finding = engagement.findings.first()
    api("finding_accept", finding.number, method="post", sent={"version": 1})

    late = api("finding_dismiss", finding.number, method="post", sent={"version": 1, "reason": "intended"})

    finding.refresh_from_db()
    assert late.status_code == 409
    assert late.json()["reasons"][0].startswith("Ada Quint changed")
    assert finding.state == "accepted"


def test_an_act_that_names_no_version_is_refused(api, upload, engagement):
    finding = engagement.findings.first()

    answer = api("finding_accept", finding.number, method="post")

    finding.refresh_from_db()
    assert answer.status_code == 428
    assert finding.state == "open"


def test_what_is_wrong_with_a_request_is_named_by_field(api, upload, engagement):
    finding = engagement.findings.first()

    answer = api("finding_dismiss", finding.number, method="post", sent={"version": "x", "reason": "because"})

    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"version", "reason"}


def test_an_answer_leaves_alone_what_it_does_not_name(api, upload, engagement):
    finding = engagement.findings.first()
    api("finding_answer", finding.number, method="post", sent={"version": 1, "impact": "Bounces get lost."})

    api("finding_answer", finding.number, method="post", sent={"version": 2, "proposal": "Use the new processor."})

    finding.refresh_from_db()
    assert (finding.impact, finding.proposal) == ("Bounces get lost.", "Use the new processor.")


def test_several_are_accepted_together_and_taken_back(api, upload, engagement):
    certain = list(engagement.findings.exclude(confidence="guess")[:2])
    sent = {"findings": [{"number": one.number, "version": one.version} for one in certain]}

    accepted = api("accept_chosen", method="post", sent=sent)
    undone = api("undo_chosen", method="post", sent={"batch": accepted.json()["batch"]})

    assert [one["state"] for one in accepted.json()["findings"]] == ["accepted"] * 2
    assert [one["state"] for one in undone.json()["findings"]] == ["open"] * 2


def test_the_list_filters_as_the_page_does(api, upload, engagement):
    high = engagement.findings.filter(severity="high").count()

    found = api("findings", sent={"severity": "high", "state": "all"}).json()
    wrong = api("findings", sent={"severity": "terrible"})

    assert found["count"] == high > 0
    assert wrong.status_code == 422


def test_facts_say_where_they_stand(api, upload):
    rows = api("transports", sent={"host": "mta1"}).json()["results"]

    tag = next(row for row in rows if row["name"] == "tag")
    assert (tag["host"], tag["file"], tag["line"] > 0) == ("mta1", "etc/postfix/master.cf", True)
    assert api("transports", sent={"host": "elsewhere"}).json()["count"] == 0


def test_an_upload_is_received_watched_and_refused_as_on_the_page(client, ada, engagement):
    client.force_login(ada)
    url = reverse("api:discovery:uploads", args=[engagement.code])
    body = discovery.pack(discovery.SMALL_ESTATE)

    received = client.post(url, {"host_label": "MTA7", "bundle": _file(body)})
    empty = client.post(url, {"host_label": "mta7", "bundle": _file(b"")})

    assert received.status_code == 201
    assert received.json()["host_label"] == "mta7"
    assert received.json()["progress"]["state"] == "queued"
    assert empty.status_code == 422
    assert empty.json()["reasons"] == ["The selected file is empty."]
    assert engagement.uploads.count() == 1


def _file(body):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("postfix.tar.gz", body)


def test_a_session_without_its_csrf_token_acts_on_nothing(ada, upload, engagement):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    finding = engagement.findings.first()

    answer = client.post(
        reverse("api:discovery:finding_accept", args=[engagement.code, finding.number]),
        {"version": 1},
        "application/json",
    )

    finding.refresh_from_db()
    assert answer.status_code == 403
    assert "X-CSRFToken" in answer.json()["detail"]
    assert finding.state == "open"


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_for_one_row_and_for_three(api, ada, engagement, count, django_assert_max_num_queries):
    upload = discovery.bare_upload(engagement, actor=ada)
    for number in range(1, count + 1):
        discovery.add_finding(upload, number)
    api("findings")

    with django_assert_max_num_queries(9):
        found = api("findings")

    assert found.json()["count"] == count
