"""A share rises when nothing stands against it, and falls at any time; each change says what was before and why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from core.errors import Conflict, DomainError, GateClosed, Refused
from core.models import AuditEvent
from delivery.domain.change_share import approve_step, change_share, confirm_change, open_ramp
from delivery.domain.judge_steps import judge_steps
from delivery.models import ReconciliationRun, ShareChange, StepCheck, TrafficHour
from delivery.ramp_state import standing_of
from tests.delivery.parallel.runs import run_until
from tests.factories.traffic import reconcile, take_in_small_day

pytestmark = pytest.mark.django_db


def test_a_step_that_nothing_stands_against_is_asked_for_and_said_to_be_done(ready, ada, carl):
    assert standing_of(ready).blockers == []

    change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
    ready.refresh_from_db()
    assert (change.by_line, ready.share) == (False, 10)
    with pytest.raises(Refused):
        confirm_change(change, is_done=True, actor=carl)
    confirm_change(change, is_done=True, actor=ada)

    ready.refresh_from_db()
    assert ready.share == 25
    event = AuditEvent.objects.get(action="ramp.changed")
    assert (event.data["previous"], event.data["share"], event.data["why"]) == (10, 25, "Both checks passed.")
    assert any("has not said yes to 50 %" in reason for reason in standing_of(ready).blockers)
    assert any("is held for 72 hours" in reason for reason in standing_of(ready).blockers)


def test_each_thing_that_is_missing_is_named_by_itself(ready, ada, carl, parallel):
    def against(share=25):
        return standing_of(ready).against(share)

    assert against(50)[0] == "The next step is 25 %. Steps are not left out."

    ready.share_since = timezone.now() - timedelta(hours=70)
    assert any("hours: 2 h" in reason or "1 h 59 min" in reason for reason in against())

    ready.share_since = timezone.now() - timedelta(days=4)
    take_in_small_day(parallel, actor=ada, lost=[7])
    reconcile(parallel, actor=ada)
    said = " ".join(against())
    assert "Case 1 is open: Missing" in said
    assert "Upload newer logs" in said  # that run is of another day: data are too old
    assert "0.0 so far" in said


@pytest.mark.parametrize("phase", ["discovery", "install", "on_hold", "completed"])
def test_no_step_is_taken_outside_of_parallel_delivery(ready, parallel, phase):
    ready.engagement.__dict__["phase"] = phase  # the field itself moves by its steps alone

    assert "Parallel delivery is not under way" in standing_of(ready).blockers[0]


def test_the_whole_share_waits_for_the_cutover(ready):
    ready.share = 90

    assert any("100 % belongs to the cutover" in reason for reason in standing_of(ready).against(100))


def test_too_little_data_hold_and_never_pass(parallel, ramp, ada):
    now = timezone.now()
    ramp.share, ramp.share_since = 10, now - timedelta(days=4)
    ramp.save()
    few = {"delivered": 20, "failed": 0, "deferred": 0, "timed": 20, "slow": 0}
    for number in (1, 2, 3):
        judge_steps(run_until(parallel, ada, now - timedelta(minutes=9 - number), number=number, **few), actor=ada)

    assert set(StepCheck.objects.values_list("outcome", flat=True)) == {"inconclusive"}
    assert "2 checks of old against new have to pass in a row: 0 did." in " ".join(standing_of(ramp).blockers)
    assert StepCheck.objects.first().since == StepCheck.objects.last().since  # looked at again, with more


def test_a_failure_breaks_the_row(ready, parallel, ada):
    worse = {"delivered": 9_000, "failed": 1_000}
    judge_steps(run_until(parallel, ada, timezone.now() + timedelta(hours=3), number=3, **worse), actor=ada)

    assert any("0 did. The last one: failed." in reason for reason in standing_of(ready).blockers)


def test_the_same_hours_are_not_counted_twice(ready, parallel, ada):
    before = StepCheck.objects.count()
    until = ReconciliationRun.objects.get(number=2).covered_to

    judge_steps(run_until(parallel, ada, until, number=3), actor=ada)

    assert StepCheck.objects.count() == before


def test_the_rest_of_an_hour_is_judged_by_the_next_check(parallel, ramp, ada):
    hour = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    ramp.share, ramp.share_since = 10, hour - timedelta(days=4)
    ramp.save()

    judge_steps(run_until(parallel, ada, hour + timedelta(minutes=40)), actor=ada)
    run = run_until(parallel, ada, hour + timedelta(hours=1, minutes=10), number=2)
    worse = {"side": "new", "provider": "Gmail", "delivered": 100, "failed": 900, "deferred": 0, "timed": 0, "slow": 0}
    TrafficHour.objects.create(run=run, hour=hour, **worse)
    judge_steps(run, actor=ada)

    second, first = StepCheck.objects.all()
    assert (first.until, second.since, second.until) == (hour, hour, hour + timedelta(hours=1))
    assert (first.outcome, second.outcome) == ("pass", "fail")


def test_only_who_signs_the_phase_says_yes_and_only_to_the_next_step(ready, ada, vera, carl):
    for person in (ada, vera):
        with pytest.raises(Refused):
            approve_step(ready, share=25, note="", actor=person)
    with pytest.raises(Conflict, match="The next step is 25 %, not 50 %"):
        approve_step(ready, share=50, note="", actor=carl)
    with pytest.raises(Conflict, match="has said yes"):
        approve_step(ready, share=25, note="", actor=carl)


def test_a_step_up_is_refused_with_every_reason_and_a_step_down_goes_at_once(parallel, ramp, ada):
    ramp.share, ramp.share_since = 50, timezone.now()
    ramp.save()

    with pytest.raises(GateClosed) as refused:
        change_share(ramp, share=75, why="Let us go.", actor=ada)
    down = change_share(ramp, share=10, why="Deferrals rise.", actor=ada)

    assert len(refused.value.reasons) >= 4
    assert (down.previous, down.share) == (50, 10)
    with pytest.raises(Conflict, match="under way"):
        change_share(ramp, share=0, why="All of it.", actor=ada)
    with pytest.raises(IntegrityError):
        ShareChange.objects.create(
            ramp=ramp, previous=50, share=0, why="x", by_line=False, asked_at=timezone.now(), asked_by=ada
        )


def test_what_is_written_beside_a_yes_is_masked(ready, carl):
    note = "The password: Hunter2-Hunter2 is in the mail."
    ready.share = 25
    ready.save()

    approval = approve_step(ready, share=50, note=note, actor=carl)

    assert "Hunter2" not in approval.note
    assert approval.note.startswith("The password")


def test_a_rule_has_one_ramp(engagement, ramp, ada):
    with pytest.raises(DomainError, match="moves this rule already"):
        open_ramp(engagement, actor=ada)

    assert open_ramp(engagement, actor=ada, rule="gmail", provider="Gmail").title == "gmail to Gmail"


def test_a_day_of_old_logs_is_never_fresh(engagement, ramp, ada):
    take_in_small_day(engagement, actor=ada)
    reconcile(engagement, actor=ada)

    assert standing_of(ramp).freshness.is_stale
    assert standing_of(ramp).freshness.until < datetime.now(UTC) - timedelta(days=1)
