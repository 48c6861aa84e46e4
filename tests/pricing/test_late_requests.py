"""What becomes of a request that is late: somebody else takes it, and somebody says why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from pricing.clocks import clock_of
from pricing.domain.explain_delay import explain_delay
from pricing.domain.reassign_request import reassign_request
from pricing.domain.warn_clocks import warn_clocks
from pricing.models import ClockNotice, LateReason
from tests.factories.pricing import make_request, with_clock
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def move(time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)

    def move(hours):
        time_machine.move_to(timezone.now() + hours * HOUR, tick=False)

    return move


@pytest.fixture
def running(move, northlake, sam):
    return make_request(northlake, actor=sam)


def test_an_overdue_request_is_given_to_somebody_who_can(running, move, sam, lea):
    move(49)
    warn_clocks()

    reassign_request(running, actor=lea, owner=lea, shown_owner=sam)

    request = with_clock(running)
    assert (request.owner, clock_of(request).is_late) == (lea, True)
    assert ClockNotice.objects.get().owner == sam
    assert OutboxMessage.objects.get(kind="request_reassigned").address == "sam@practice.example"
    assert AuditEvent.objects.get(action="request.reassigned").data == {"before": "Sam Ortiz", "after": "Lea Moser"}


def test_a_request_goes_only_to_somebody_who_may_send_its_quote(running, sam, ada, carl, lea):
    for person in (ada, carl):
        with pytest.raises(DomainError, match="may not send quotes"):
            reassign_request(running, actor=lea, owner=person, shown_owner=sam)
    with pytest.raises(DomainError, match="belongs to Sam Ortiz already"):
        reassign_request(running, actor=lea, owner=sam, shown_owner=sam)

    assert with_clock(running).owner == sam


def test_who_gives_a_request_away_second_is_told(running, sam, lea, olga):
    reassign_request(running, actor=olga, owner=olga, shown_owner=sam)

    with pytest.raises(Conflict, match="belongs to Olga Ferrer by now"):
        reassign_request(running, actor=lea, owner=lea, shown_owner=sam)

    assert with_clock(running).owner == olga


@pytest.mark.parametrize("person", ["ada", "carl", "otto"])
def test_others_do_not_give_requests_away(person, running, sam, lea, request):
    with pytest.raises(Refused):
        reassign_request(running, actor=request.getfixturevalue(person), owner=lea, shown_owner=sam)

    assert with_clock(running).owner == sam


def test_a_request_is_given_away_on_its_page(client, running, sam, lea):
    client.force_login(sam)
    url = url_of("reassign", running.engagement.code)

    nobody = client.post(url, {"shown_owner": sam.pk})
    given = client.post(url, {"owner": lea.pk, "shown_owner": sam.pk}, follow=True)
    late = client.post(url, {"owner": lea.pk, "shown_owner": sam.pk})

    assert nobody.status_code == 422
    assert "Choose who takes the request" in text_of(nobody)
    assert "belongs to Lea Moser now" in text_of(given)
    assert late.status_code == 409
    assert "It belongs to Lea Moser" in text_of(late)


def test_why_it_was_late_is_said_from_the_list(running, move, sam):
    move(49)
    warn_clocks()

    explain_delay(running, actor=sam, reason="no_time")
    explain_delay(running, actor=sam, reason="other", text=" The office was shut. ")

    said = LateReason.objects.get()
    assert (said.key, said.text, said.said_by) == ("other", "The office was shut.", sam)
    reasons = AuditEvent.objects.filter(action="request.late_explained").order_by("sequence")
    assert [event.data["reason"] for event in reasons] == [
        "Nobody had the time",
        "Another reason: The office was shut.",
    ]


@pytest.mark.parametrize(
    ("reason", "text", "sentence"),
    [
        ("lunch", "", "from the list"),
        ("other", " ", "own words"),
        ("other", "x" * 501, "500"),
    ],
)
def test_a_reason_that_says_nothing_is_refused(running, move, sam, reason, text, sentence):
    move(49)
    warn_clocks()

    with pytest.raises(DomainError, match=sentence):
        explain_delay(running, actor=sam, reason=reason, text=text)

    assert not LateReason.objects.exists()


def test_what_was_not_late_is_not_explained(client, running, sam):
    client.force_login(sam)

    page = client.get(url_of("late_reason", running.engagement.code))
    with pytest.raises(DomainError, match="was not late"):
        explain_delay(running, actor=sam, reason="no_time")

    assert "was not late" in text_of(page)


def test_why_it_was_late_is_asked_on_the_page(client, running, move, sam):
    move(49)
    warn_clocks()
    client.force_login(sam)
    code = running.engagement.code

    asked = text_of(client.get(url_of("request", code)))
    silent = client.post(url_of("late_reason", code), {"reason": "other", "text": ""})
    said = client.post(url_of("late_reason", code), {"reason": "colleague", "text": ""}, follow=True)

    assert "Say why it was late" in asked
    assert silent.status_code == 422
    assert "Say in your own words why" in text_of(silent)
    assert "Change why it was late" in text_of(said)
    assert LateReason.objects.get().key == "colleague"
