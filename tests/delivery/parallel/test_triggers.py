"""A crossed trigger opens one decision and mails both sides; people decide, and nothing goes back by itself."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import OutboxMessage
from delivery.domain.decide_trigger import add_trigger, decide_trigger, remove_trigger, report_trigger
from delivery.domain.take_feedback import take_feedback
from delivery.domain.watch_triggers import watch_all, watch_triggers
from delivery.feedback.records import read_record
from delivery.models import Rollback, TriggerDecision
from delivery.rollback_gate import every_trigger_is_decided
from tests.delivery.parallel.runs import run_until
from tests.factories.feedback import bounce, hand_over, mbox
from tests.factories.traffic import start_rollback, with_phase
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def running(engagement, ramp):
    """In phase 3, with half of the mail on the new route."""
    with_phase(engagement, "parallel")
    ramp.share, ramp.share_since = 50, timezone.now() - timedelta(days=1)
    ramp.save()
    return engagement


def keys():
    return list(TriggerDecision.objects.order_by("pk").values_list("key", flat=True))


def test_five_percent_of_failures_open_one_decision_and_take_nothing_back(running, ramp, ada, carl):
    run_until(running, ada, timezone.now(), delivered=9_000, failed=1_000)

    watch_all()
    watch_all()

    assert keys() == ["failure"]
    assert TriggerDecision.objects.get().said == (
        "10.00 % of 10,000 recipients on the new route failed for good "
        "in the last day that the logs of all sides cover."
    )
    told = set(OutboxMessage.objects.filter(kind="trigger_crossed").values_list("address", flat=True))
    assert {"ada@practice.example", "lea@practice.example", "carl@northlake.example"} == told
    ramp.refresh_from_db()
    assert (ramp.share, Rollback.objects.count()) == (50, 0)
    assert list(every_trigger_is_decided(running)) == ["Decision 1 waits: Delivery failure of 5 % or more."]


@pytest.mark.parametrize(("failed", "delivered"), [(499, 9_501), (40, 60)])
def test_less_than_five_percent_or_hardly_any_traffic_opens_none(running, ada, failed, delivered):
    run_until(running, ada, timezone.now(), delivered=delivered, failed=failed)

    assert watch_triggers(running) == []


def bounces(count, *, first=0):
    """Of an hour ago."""
    clock, numbers = time.time() - 3600, range(first, first + count)
    records = [bounce(f"user{number}@gmail.com", f"<{number}@x>", timestamp=clock) for number in numbers]
    return [item for record in records for item in read_record(record)]


def test_failures_that_the_logs_tell_and_the_queue_does_not_open_a_decision(running, ada):
    run_until(running, ada, timezone.now(), delivered=9_940, failed=60)
    hand_over(running, mbox("yahoo-complaint"), actor=ada)

    before = watch_triggers(running)  # nobody hands bounces over, only complaints
    take_feedback(running, bounces(29), actor=ada)
    crossed = watch_triggers(running)

    assert (before, [decision.key for decision in crossed]) == ([], ["bounces"])
    assert crossed[0].said.endswith("the queue of bounces knows fewer than 50 %.")
    assert crossed[0].said.startswith("Of 60 recipients that failed for good on the new route")


def test_a_bounce_that_comes_later_does_not_ask_again_what_was_decided_about_the_same_failures(running, ada):
    run_until(running, ada, timezone.now(), delivered=9_940, failed=60)
    take_feedback(running, bounces(5), actor=ada)
    watch_all()
    decide_trigger(TriggerDecision.objects.get(), choice="go_on", reason="The queue lags behind.", actor=ada)
    take_feedback(running, bounces(1, first=5), actor=ada)

    watch_all()
    told = keys()
    run_until(running, ada, timezone.now(), number=2, delivered=9_930, failed=70)
    watch_all()

    assert told == ["bounces"]
    assert keys() == ["bounces", "bounces"]


@pytest.mark.parametrize(("told", "failed"), [(30, 60), (1, 49)])
def test_half_of_the_failures_in_the_queue_or_hardly_any_failure_opens_none(running, ada, told, failed):
    run_until(running, ada, timezone.now(), delivered=9_940, failed=failed)
    take_feedback(running, bounces(told), actor=ada)

    assert watch_triggers(running) == []


def test_missing_logs_are_told_once_until_there_are_new_ones(running, ada):
    watch_all()
    decide_trigger(TriggerDecision.objects.get(), choice="go_on", reason="The collector is on its way.", actor=ada)
    watch_all()
    assert keys() == ["gap"]

    run_until(running, ada, timezone.now() - timedelta(hours=2), done_at=timezone.now())
    watch_all()
    watch_all()

    assert keys() == ["gap", "gap"]
    assert TriggerDecision.objects.get(decided_at=None).said.startswith("Data until 2 h ago")


def test_where_nothing_goes_the_new_way_nothing_is_watched(running, ramp):
    ramp.share = 0
    ramp.save()

    assert watch_all() == 0


def test_own_limits_are_added_looked_at_and_removed_by_who_may_order_a_rollback(running, ada, carl, vera):
    run_until(running, ada, timezone.now(), delivered=9_700, failed=300)
    with pytest.raises(Refused):
        add_trigger(running, title="Ours", figure="failure", limit=Decimal("2.5"), actor=vera)
    with pytest.raises(DomainError):
        add_trigger(running, title="Ours", figure="failure", limit=Decimal(0), actor=carl)
    own = add_trigger(running, title="Ours", figure="failure", limit=Decimal("2.5"), actor=carl)

    opened = watch_triggers(running)
    decide_trigger(opened[0], choice="go_on", reason="Seen.", actor=carl)
    remove_trigger(own, actor=carl)
    run_until(running, ada, timezone.now(), number=2, delivered=9_600, failed=400)

    assert [(each.title, "2.5 %" in each.said) for each in opened] == [("Ours", True)]
    assert watch_triggers(running) == []


def test_an_own_limit_says_nothing_of_a_handful(running, ada, carl):
    add_trigger(running, title="Ours", figure="failure", limit=Decimal(2), actor=carl)

    run_until(running, ada, timezone.now(), delivered=0, failed=1)

    assert watch_triggers(running) == []


def test_the_same_figures_of_a_later_run_are_not_asked_about_again(running, ada, carl):
    run_until(running, ada, timezone.now(), delivered=9_000, failed=1_000)
    (decision,) = watch_triggers(running)
    decide_trigger(decision, choice="go_on", reason="Seen.", actor=carl)

    run_until(running, ada, timezone.now(), number=2, delivered=9_000, failed=1_000)
    again = watch_triggers(running)
    run_until(running, ada, timezone.now(), number=3, delivered=8_000, failed=2_000)

    assert again == []
    assert len(watch_triggers(running)) == 1


def test_to_go_back_stands_open_until_a_real_rollback_has_begun(running, ada, carl):
    decision = report_trigger(running, key="bounces", seen="Nothing arrives.", actor=carl)
    decide_trigger(decision, choice="go_back", reason="We cannot see it.", actor=carl)
    drill = start_rollback(running, is_drill=True, actor=ada)
    during = list(every_trigger_is_decided(running))

    start_rollback(running, is_drill=False, actor=ada)

    assert drill.is_drill
    assert len(during) == 1
    assert during[0].startswith("Decision 1 was to go back to Postfix, and no rollback has begun since")
    assert list(every_trigger_is_decided(running)) == []


def test_a_decision_has_its_reason_and_is_made_once(running, ada, carl, vera):
    watch_all()
    decision = TriggerDecision.objects.get()

    for choice, reason in (("go_on", " "), ("perhaps", "Why not.")):
        with pytest.raises(DomainError):
            decide_trigger(decision, choice=choice, reason=reason, actor=ada)
    with pytest.raises(Refused):
        decide_trigger(decision, choice="go_on", reason="Fine.", actor=vera)
    decide_trigger(decision, choice="go_back", reason="We cannot see it.", actor=carl)

    with pytest.raises(Conflict, match="Carl Brandt decided this"):
        decide_trigger(decision, choice="go_on", reason="Fine.", actor=ada)
    assert Rollback.objects.count() == 0


def test_what_the_portal_does_not_see_is_reported_by_people(running, carl, vera):
    with pytest.raises(Refused):
        report_trigger(running, key="bounces", seen="Nothing arrives.", actor=vera)
    with pytest.raises(DomainError, match="Choose which"):
        report_trigger(running, key="weather", seen="Rain.", actor=carl)

    decision = report_trigger(running, key="bounces", seen="Nothing arrives in the CRM.", actor=carl)

    assert decision.said == "Carl Brandt reports: Nothing arrives in the CRM."
    with pytest.raises(Conflict, match="known already"):
        report_trigger(running, key="bounces", seen="Still.", actor=carl)
