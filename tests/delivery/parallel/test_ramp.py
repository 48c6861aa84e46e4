"""A share rises when nothing stands against it, and falls at any time; each change says what was before and why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from core.errors import Conflict, DomainError, GateClosed, Refused
from core.jobs import run_job
from core.models import AuditEvent, Job
from delivery.domain.change_share import approve_step, change_share, confirm_change, open_ramp
from delivery.domain.judge_steps import judge_steps
from delivery.domain.proxy_line import remove_line, set_line
from delivery.domain.roll_back import start_rollback, tick_step
from delivery.models import ProxyLine, ReconciliationRun, ShareChange, StepCheck
from delivery.ramp.line import ask_proxy, share_in
from delivery.ramp_state import standing_of
from tests.delivery.parallel.conftest import TOKEN
from tests.delivery.parallel.runs import run_until
from tests.factories.traffic import reconcile, take_in_small_day, with_phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def parallel(engagement):
    """In phase 3, without the two phases before it."""
    with_phase(engagement, "parallel")
    return engagement


@pytest.fixture
def ready(parallel, ramp, ada, carl):
    """At 10 % for four days, clean, checked twice, and Carl said yes to 25 %."""
    now = timezone.now()
    ramp.share, ramp.share_since = 10, now - timedelta(days=4)
    ramp.save()
    ramp.engagement = parallel
    for number, until in ((1, now - timedelta(hours=5)), (2, now - timedelta(minutes=5))):
        judge_steps(run_until(parallel, ada, until, number=number), actor=ada)
    approve_step(ramp, share=25, note="Go on.", actor=carl)
    tick_step(start_rollback(parallel, is_drill=True, actor=ada).steps.get(position=2), actor=ada)
    return ramp


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


def test_over_a_line_the_proxy_is_told_and_its_answer_kept(ready, proxy_url, ada):
    set_line(ready.engagement, url=proxy_url, token=TOKEN, actor=ada)

    change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
    run_job(Job.objects.get(kind="change_share").pk)

    change.refresh_from_db()
    ready.refresh_from_db()
    status = ask_proxy(proxy_url, TOKEN, "status")
    assert (share_in(status, "new"), share_in(status, "partners")) == (25.0, 100.0)
    assert (ready.share, change.state) == (25, "done")
    assert change.said == f"The proxy at {proxy_url} says 25 %."
    with pytest.raises(Conflict, match="by itself"):
        confirm_change(change, is_done=True, actor=ada)


@pytest.mark.parametrize("trouble", ["rule", "token", "gone"])
def test_a_proxy_that_does_not_do_as_told_leaves_the_share_as_it_was(ready, proxy_url, ada, trouble):
    if trouble == "rule":
        ready.rule = "nobody knows it"
        ready.save()
    url = "http://127.0.0.1:9" if trouble == "gone" else proxy_url
    set_line(ready.engagement, url=url, token="another" if trouble == "token" else TOKEN, actor=ada)

    change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
    run_job(Job.objects.get(kind="change_share").pk)

    change.refresh_from_db()
    ready.refresh_from_db()
    assert (ready.share, change.state) == (10, "failed")
    said = {"rule": "refused (422): There is no rule nobody", "token": "refused (401)", "gone": "does not answer"}
    assert said[trouble] in change.said


def test_the_token_is_sealed_and_a_line_names_a_place_and_nothing_else(engagement, ada, carl):
    for url in ("ftp://proxy:1", "http://", "http://user:word@proxy:1", "file:///etc/passwd"):
        with pytest.raises(DomainError, match="Write the address"):
            set_line(engagement, url=url, token=TOKEN, actor=ada)
    with pytest.raises(Refused):
        set_line(engagement, url="http://proxy:2526", token=TOKEN, actor=carl)

    line = set_line(engagement, url="http://proxy:2526", token=TOKEN, actor=ada)

    assert TOKEN.encode() not in bytes(line.sealed_token)
    assert not AuditEvent.objects.filter(data__icontains=TOKEN).exists()
    remove_line(engagement, actor=ada)
    assert not ProxyLine.objects.exists()


def test_a_rule_has_one_ramp(engagement, ramp, ada):
    with pytest.raises(DomainError, match="moves this rule already"):
        open_ramp(engagement, actor=ada)

    assert open_ramp(engagement, actor=ada, rule="gmail", provider="Gmail").title == "gmail to Gmail"


def test_a_day_of_old_logs_is_never_fresh(engagement, ramp, ada):
    take_in_small_day(engagement, actor=ada)
    reconcile(engagement, actor=ada)

    assert standing_of(ramp).freshness.is_stale
    assert standing_of(ramp).freshness.until < datetime.now(UTC) - timedelta(days=1)
