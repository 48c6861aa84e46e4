"""A finding that somebody logs by hand: heard in a call, seen on a host, known from elsewhere."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from discovery.domain.accept_finding import accept_finding
from discovery.domain.note_finding import NotedFinding, note_finding
from discovery.models import Finding
from tests.factories import discovery

pytestmark = pytest.mark.django_db

SAID = {
    "title": "Invoices are sent by a cron job that nobody owns",
    "severity": "high",
    "confidence": "certain",
    "message": "Operations showed it in the call of 4 May.",
    "why": "It does not move by itself.",
    "host_label": "MTA1",
    "file": "/etc/cron.d/invoices",
    "evidence": "0 3 * * * root /opt/send --password=hunter2-of-invoices",
}


@pytest.fixture
def page(engagement):
    return reverse("discovery:finding_note", args=[engagement.code])


def test_it_stands_in_the_queue_and_in_the_history_and_asks_for_an_answer(client, engagement, ada, page):
    client.force_login(ada)

    answer = client.post(page, SAID)

    finding = Finding.objects.get(engagement=engagement)
    assert answer.url == reverse("discovery:finding", args=[engagement.code, finding.number])
    assert (finding.number, finding.source, finding.severity, finding.state) == (1, "person", "high", "open")
    assert finding.host_label == "mta1"
    shown = client.get(answer.url)
    assert "Noted by a person, about mta1" in shown.text
    assert f"{ada.email}&gt; noted F-001" in shown.text
    assert "showed it first" not in shown.text
    assert SAID["title"] in client.get(reverse("discovery:queue", args=[engagement.code])).text


def test_a_secret_in_it_is_masked_before_it_is_stored(client, engagement, ada, page):
    client.force_login(ada)

    client.post(page, SAID)

    finding = Finding.objects.get(engagement=engagement)
    told = [finding.evidence, *map(str, AuditEvent.objects.values_list("data", flat=True))]
    assert [text for text in told if "hunter2" in text] == []
    assert "/opt/send" in finding.evidence


def test_no_later_look_takes_it_away_and_its_number_is_never_given_twice(engagement, ada):
    noted = note_finding(engagement, said=NotedFinding(**SAID), actor=ada)

    discovery.read(engagement, actor=ada)
    again = note_finding(engagement, said=NotedFinding(**SAID), actor=ada)

    noted.refresh_from_db()
    assert not noted.is_gone
    numbers = list(Finding.objects.filter(engagement=engagement).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert again.number == numbers[-1] > 2


def test_it_is_reviewed_like_any_other(engagement, ada):
    noted = note_finding(engagement, said=NotedFinding(**SAID), actor=ada)

    accepted = accept_finding(noted, actor=ada, version=1)

    assert accepted.state == Finding.State.ACCEPTED
    assert accepted.decided_by == ada


def test_what_is_missing_is_said_and_nothing_is_logged(client, engagement, ada, page):
    client.force_login(ada)

    answer = client.post(page, SAID | {"title": " ", "severity": "grave"})

    assert answer.status_code == 422
    assert "Say in a few words what was found." in answer.text
    assert SAID["message"] in answer.text
    assert not Finding.objects.exists()


def test_a_program_logs_it_as_the_page_does(client, engagement, ada):
    client.force_login(ada)
    address = f"/api/v1/engagements/{engagement.code}/discovery/findings/"

    made = client.post(address, SAID, "application/json", headers={"Idempotency-Key": "a"})
    client.post(address, SAID, "application/json", headers={"Idempotency-Key": "a"})
    listed = client.get(address, {"source": "person"})

    assert made.status_code == 201
    assert made["ETag"] == '"1"'
    assert [row["reference"] for row in listed.json()["results"]] == ["F-001"]
    assert AuditEvent.objects.filter(action="finding.noted").count() == 1
