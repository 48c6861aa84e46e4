"""The clock as a record: it starts, stands still for a reason, runs on, and stops with the answer."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.components import ClockState
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from engagements.domain.perform import perform
from pricing.calculation.facts import DataPoints
from pricing.clocks import clock_of, time_to_answer
from pricing.domain.draft_quote import draft_quote
from pricing.domain.pause_clock import pause_clock, resume_clock
from pricing.domain.send_quote import draft_digest
from pricing.models import Pause
from tests.factories.pricing import STAY, advise_stay, fetch, make_request, send_quote, with_clock
from tests.pricing.pages import text_of, url_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
REASON = "We wait for the list of your IPs."


@pytest.fixture
def move(time_machine):
    """Let hours pass, to the second."""
    start = timezone.now()
    time_machine.move_to(start, tick=False)

    def move(hours):
        time_machine.move_to(timezone.now() + hours * HOUR, tick=False)

    return move


@pytest.fixture
def running(move, northlake, sam):
    return make_request(northlake, actor=sam)


def answer(request, *, actor):
    quote = fetch(draft_quote(request, actor=actor))
    return send_quote(quote, actor=actor, shown_digest=draft_digest(quote))


def test_while_it_is_paused_the_clock_stands_still_and_nothing_is_due(running, move, sam):
    move(10)
    pause_clock(running, actor=sam, reason=f" {REASON} ")
    move(30)

    reading = clock_of(with_clock(running))

    assert (reading.state, reading.left, reading.due_at) == (ClockState.PAUSED, 38 * HOUR, None)
    assert reading.pause == REASON
    assert AuditEvent.objects.get(action="request.clock_paused").data == {"reason": REASON}


def test_it_runs_on_from_where_it_stood(running, move, sam, lea):
    move(10)
    pause_clock(running, actor=sam, reason=REASON)
    move(30)
    resume_clock(running, actor=lea)
    move(2)

    reading = clock_of(with_clock(running))

    assert (reading.state, reading.left) == (ClockState.CALM, 36 * HOUR)
    assert reading.due_at == running.complete_at + 78 * HOUR
    pause = Pause.objects.get()
    assert (pause.paused_by, pause.resumed_by, pause.resumed_at - pause.paused_at) == (sam, lea, 30 * HOUR)


def test_a_pause_needs_a_reason_of_readable_length(running, sam):
    for reason, sentence in ((" ", "the customer reads it"), ("x" * 501, "500 characters; it has 501")):
        with pytest.raises(DomainError, match=sentence):
            pause_clock(running, actor=sam, reason=reason)

    assert not Pause.objects.exists()


def test_a_paused_clock_is_not_paused_again(running, sam, lea):
    pause_clock(running, actor=sam, reason=REASON)

    with pytest.raises(Conflict, match=f"Sam Ortiz paused the clock on .*: {REASON}"):
        pause_clock(running, actor=lea, reason="Something else.")

    assert Pause.objects.get().reason == REASON


def test_a_clock_that_runs_is_not_resumed(running, sam):
    with pytest.raises(Conflict, match="not paused"):
        resume_clock(running, actor=sam)

    assert not AuditEvent.objects.filter(action="request.clock_resumed").exists()


def test_a_clock_that_has_not_started_is_not_paused(northlake, sam):
    request = make_request(northlake, actor=sam, points=DataPoints())

    with pytest.raises(Conflict, match="has not started"):
        pause_clock(request, actor=sam, reason=REASON)


def test_a_late_clock_is_not_paused_away(running, move, sam):
    move(49)

    with pytest.raises(DomainError, match="A late clock cannot be paused"):
        pause_clock(running, actor=sam, reason=REASON)

    assert clock_of(with_clock(running)).is_late


def test_an_answered_request_is_not_paused(running, sam, carl):
    answer(running, actor=sam)

    with pytest.raises(Conflict, match="stopped with the answer"):
        pause_clock(running, actor=sam, reason=REASON)


@pytest.mark.parametrize("person", ["ada", "carl", "vera", "otto"])
def test_only_sales_and_leads_pause_a_clock(person, running, request, sam):
    somebody = request.getfixturevalue(person)

    with pytest.raises(Refused):
        pause_clock(running, actor=somebody, reason=REASON)
    pause_clock(running, actor=sam, reason=REASON)
    with pytest.raises(Refused):
        resume_clock(running, actor=somebody)

    assert Pause.objects.open().count() == 1


def test_the_answer_stops_a_paused_clock_and_ends_the_pause(running, move, sam, carl):
    move(10)
    pause_clock(running, actor=sam, reason=REASON)
    move(30)

    sent = answer(running, actor=sam)

    request = with_clock(running)
    assert request.answered_at == sent.sent_at
    assert Pause.objects.get().resumed_at == sent.sent_at
    assert (clock_of(request).state, time_to_answer(request)) == (ClockState.KEPT, 10 * HOUR)
    event = AuditEvent.objects.get(action="request.clock_stopped")
    assert event.data == {"used": "10 h", "allowed": "2 days", "seconds": 36_000}


def test_the_advice_to_stay_is_an_answer(move, northlake, sam):
    request = make_request(northlake, actor=sam, points=STAY)
    move(5)

    advise_stay(request, actor=sam, note="One IP does it.")

    assert time_to_answer(with_clock(request)) == 5 * HOUR


def test_a_held_engagement_counts_no_time(running, move, lea):
    move(10)
    perform("hold", engagement=running.engagement, actor=lea, note="Their budget is frozen.")
    move(100)
    held = clock_of(with_clock(running))
    perform("resume", engagement=running.engagement, actor=lea)
    move(1)

    assert (held.state, held.left, held.pause) == (ClockState.PAUSED, 38 * HOUR, "The engagement is on hold.")
    assert clock_of(with_clock(running)).left == 37 * HOUR


@pytest.mark.parametrize(
    "changes",
    [{"reason": "Another one."}, {"paused_at": timezone.now() + 9 * HOUR}, {"resumed_at": None, "resumed_by": None}],
)
def test_the_database_keeps_a_pause_as_it_was_told(running, move, sam, changes):
    pause_clock(running, actor=sam, reason=REASON)
    move(1)
    resume_clock(running, actor=sam)

    with pytest.raises(DatabaseError, match="stays as it was told"), transaction.atomic():
        Pause.objects.update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        Pause.objects.all().delete()

    assert Pause.objects.get().reason == REASON


def test_the_database_refuses_two_pauses_at_once(running, move, sam):
    pause_clock(running, actor=sam, reason=REASON)
    move(2)
    resume_clock(running, actor=sam)
    first = Pause.objects.get()
    within = {"request": running, "reason": "x", "paused_by": sam, "paused_at": first.paused_at + HOUR}

    with pytest.raises(DatabaseError, match="never overlap"), transaction.atomic():
        Pause.objects.create(**within)
    after = Pause.objects.create(**within | {"paused_at": first.resumed_at})
    with pytest.raises(DatabaseError), transaction.atomic():
        Pause.objects.create(**within | {"paused_at": first.resumed_at + HOUR})

    assert list(Pause.objects.all()) == [first, after]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"reason": ""}, "pause_has_its_reason"),
        ({"resumed_at": timezone.now() + 99 * HOUR}, "pause_resumed_whole"),
    ],
)
def test_the_database_refuses_half_a_pause(running, sam, changes, constraint):
    whole = {"request": running, "reason": REASON, "paused_by": sam, "paused_at": timezone.now()}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Pause.objects.create(**whole | changes)


def test_the_database_refuses_a_pause_before_the_start(running, sam):
    with pytest.raises(DatabaseError, match="has not started cannot be paused"), transaction.atomic():
        Pause.objects.create(
            request=running, reason=REASON, paused_by=sam, paused_at=running.complete_at - timedelta(seconds=1)
        )


def test_the_customer_reads_why_the_clock_stands_still(client, running, move, sam, vera):
    move(10)
    pause_clock(running, actor=sam, reason=REASON)
    client.force_login(vera)

    overview = text_of(client.get(reverse("engagements:detail", args=[running.engagement.code])))
    page = text_of(client.get(url_of("clock", running.engagement.code)))

    assert f"The clock is paused with 38 h left: {REASON}" in overview
    assert "Paused, 38 h left" in page
    assert REASON in page
    assert "Pause the clock" not in page
    assert "Let the clock run on" not in page
    assert "Data points" not in page


def test_sales_pause_and_resume_on_the_page(client, running, sam):
    client.force_login(sam)
    code = running.engagement.code

    refused = client.post(url_of("clock_pause", code), {"reason": " "})
    paused = client.post(url_of("clock_pause", code), {"reason": REASON}, follow=True)
    again = client.post(url_of("clock_pause", code), {"reason": "Another reason."})
    resumed = client.post(url_of("clock_resume", code), follow=True)

    assert (refused.status_code, again.status_code) == (422, 409)
    assert "Say what you are waiting for" in text_of(refused)
    assert "The clock stands still. The customer reads your reason." in text_of(paused)
    assert "Sam Ortiz paused the clock on" in text_of(again)
    assert "The clock runs on from where it stood." in text_of(resumed)
    assert Pause.objects.get().resumed_by == sam


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_pause_at_once_one_is_told(northlake, sam, lea):
    request = make_request(northlake, actor=sam)

    outcomes = at_once(
        lambda: pause_clock(request, actor=sam, reason="One."),
        lambda: pause_clock(request, actor=lea, reason="Two."),
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Pause"]
    assert Pause.objects.count() == 1
