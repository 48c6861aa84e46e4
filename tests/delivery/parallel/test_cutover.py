"""A cutover: run-sheet, frozen configuration, the window in which one can go back, and what closes it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain.make_service_user import make_service_user
from core.errors import Conflict, DomainError, GateClosed, Refused
from core.models import OutboxMessage
from delivery.cutover_state import drift_of, seen_by_the_portal, window_days_of
from delivery.domain.change_share import open_ramp
from delivery.domain.close_window import (
    check_all_armed,
    check_armed,
    decommission,
    decommission_reasons,
    sign_early_closing,
)
from delivery.domain.roll_back import tick_step
from delivery.domain.run_cutover import (
    complete_step,
    finish_cutover,
    freeze_configuration,
    note_queue,
    plan_cutover,
)
from delivery.models import Cutover, Decommission, Ramp
from delivery.obstacles import unsigned_windows
from delivery.ramp.sheet import leftovers
from tests.delivery.parallel.runs import run_until
from tests.factories import discovery
from tests.factories.traffic import start_rollback

pytestmark = pytest.mark.django_db

ANSWERS = {row.key: (True, "Kept for ten years.") for row in leftovers()}


def step(cutover, key):
    return cutover.steps.get(key=key)


def done(cutover, days_ago=0):
    """With every step done: the window is open."""
    at = timezone.now() - timedelta(days=days_ago)
    by = cutover.planned_by
    Ramp.objects.filter(pk=cutover.ramp_id).update(share=100)
    cutover.steps.update(done_at=at, done_by=by, evidence="Seen in a test.")
    finish_cutover(cutover, actor=by)
    Cutover.objects.filter(pk=cutover.pk).update(done_at=at)
    cutover.refresh_from_db()
    return cutover


def test_go_is_said_by_the_customer_when_everything_before_it_is_done(cutover, ada, carl):
    with pytest.raises(Refused):
        complete_step(step(cutover, "go"), evidence="Go.", actor=ada)
    with pytest.raises(GateClosed) as refused:
        complete_step(step(cutover, "go"), evidence="Go.", actor=carl)
    with pytest.raises(GateClosed, match="“Go” has not been said yet"):
        complete_step(step(cutover, "whole"), evidence="", actor=ada)
    cutover.steps.filter(position__lt=step(cutover, "go").position).update(
        done_at=timezone.now(), done_by=ada, evidence="Seen."
    )

    complete_step(step(cutover, "go"), evidence="Go.", actor=carl)

    assert len(refused.value.reasons) == 6
    assert step(cutover, "go").done_by == carl


def test_what_the_portal_sees_is_not_ticked_by_a_person(cutover, engagement, ada):
    with pytest.raises(DomainError, match="has not been frozen yet"):
        complete_step(step(cutover, "frozen"), evidence="I swear.", actor=ada)
    discovery.read(engagement, actor=ada)
    frozen = freeze_configuration(cutover, actor=ada)

    complete_step(step(cutover, "frozen"), evidence="", actor=ada)

    assert frozen.digest in step(cutover, "frozen").evidence
    with pytest.raises(Conflict, match="frozen already"):
        freeze_configuration(cutover, actor=ada)


def test_a_manual_step_says_what_shows_it_and_is_its_sides_to_do(cutover, ada, carl):
    with pytest.raises(Refused):
        complete_step(step(cutover, "ttl"), evidence="300 s since Monday.", actor=ada)
    with pytest.raises(DomainError, match="Say what shows it"):
        complete_step(step(cutover, "ttl"), evidence=" ", actor=carl)

    assert complete_step(step(cutover, "ttl"), evidence="300 s since Monday.", actor=carl).done_by == carl


def test_drift_from_the_frozen_configuration_is_shown(cutover, engagement, ada):
    discovery.read(engagement, actor=ada)
    freeze_configuration(cutover, actor=ada)
    assert drift_of(cutover) == []

    changed = discovery.SMALL_ESTATE | {"etc/postfix/main.cf": discovery.MAIN_CF + "mynetworks = 10.0.0.0/8\n"}
    upload = discovery.read(engagement, actor=ada, files=changed)

    assert drift_of(cutover) == [f"{upload.host_label} is configured otherwise than when it was frozen."]


def test_queues_are_counted_before_and_after(cutover, ramp, ada, carl):
    assert not seen_by_the_portal("counted", cutover).holds
    note_queue(cutover, side="old", count=412, actor=carl)
    note_queue(cutover, side="new", count=7, actor=ada)
    assert seen_by_the_portal("counted", cutover).said == "Postfix 412, New route 7"

    ramp.share, ramp.share_since = 100, timezone.now()
    ramp.save()
    cutover.refresh_from_db()
    assert not seen_by_the_portal("drained", cutover).holds
    note_queue(cutover, side="old", count=3, actor=ada)
    assert not seen_by_the_portal("drained", cutover).holds
    note_queue(cutover, side="old", count=0, actor=ada)

    assert seen_by_the_portal("drained", cutover).holds
    assert seen_by_the_portal("whole", cutover).holds


def test_the_window_begins_when_every_step_is_done(cutover, ada):
    with pytest.raises(GateClosed):
        finish_cutover(cutover, actor=ada)

    done(cutover)

    assert cutover.window_ends - cutover.done_at == timedelta(days=30)


def test_a_window_stands_against_erasing_until_it_ends(cutover, engagement, ada):
    done(cutover, days_ago=29)
    running = list(unsigned_windows(engagement.organization))
    Cutover.objects.filter(pk=cutover.pk).update(done_at=timezone.now() - timedelta(days=31))

    over = list(unsigned_windows(engagement.organization))

    assert len(running) == 1
    assert running[0].startswith(f"The rollback window of {engagement.code}, cutover {cutover.number}, runs")
    assert over == []


def test_a_service_user_does_not_take_postfix_down(cutover, consultancy, olga):
    done(cutover, days_ago=31)
    robot = make_service_user(consultancy, name="Robot", role="lead", actor=olga).user

    with pytest.raises(Refused, match="You may not take Postfix down: Robot is a service user, not a person"):
        decommission(cutover, answers=ANSWERS, actor=robot)

    assert not Decommission.objects.exists()


def test_taking_postfix_down_waits_for_the_end_of_the_window_and_for_every_answer(cutover, ada):
    done(cutover, days_ago=29)
    with pytest.raises(GateClosed, match="The window is open until"):
        decommission(cutover, answers=ANSWERS, actor=ada)
    Cutover.objects.update(done_at=timezone.now() - timedelta(days=30, minutes=1))

    with pytest.raises(DomainError) as refused:
        decommission(cutover, answers={**ANSWERS, "keys": (None, ""), "logs": (False, " ")}, actor=ada)
    found = decommission(cutover, answers={**ANSWERS, "keys": (False, "Revoked next week.")}, actor=ada)

    assert len(refused.value.reasons) == 2
    assert found.answers["keys"] == [False, "Revoked next week."]


def test_postfix_stays_while_it_still_carries_mail(client, cutover, engagement, ada, carl):
    done(cutover, days_ago=31)
    start_rollback(engagement, is_drill=True, actor=ada)
    open_ramp(engagement, actor=ada, rule="gmail", provider="Gmail")

    with pytest.raises(GateClosed) as refused:
        decommission(cutover, answers=ANSWERS, actor=ada)

    assert refused.value.reasons == (
        "Drill 1 is under way: everything goes to Postfix.",
        "Ramp 2 (gmail to Gmail) is at 0 %: the rest still goes to Postfix.",
    )
    assert not Decommission.objects.exists()


def test_a_share_that_went_down_since_its_step_keeps_the_cutover_open(cutover, ramp, ada):
    cutover.steps.update(done_at=timezone.now(), done_by=ada, evidence="Seen in a test.")

    with pytest.raises(GateClosed, match="The share of All mail is 90 %"):
        finish_cutover(cutover, actor=ada)

    cutover.refresh_from_db()
    assert cutover.done_at is None


def test_who_goes_back_after_postfix_was_taken_down_is_warned(client, cutover, engagement, ada, carl):
    client.force_login(carl)
    page = f"/engagements/{engagement.code}/parallel/rollback/"
    before = client.get(page).content.decode()

    decommission(done(cutover, days_ago=31), answers=ANSWERS, actor=ada)

    assert "Postfix may be down" not in before
    assert "Postfix may be down" in client.get(page).content.decode()


def test_closing_early_takes_both_sides(cutover, ada, lea, carl, vera):
    done(cutover)
    for person in (ada, vera):
        with pytest.raises(Refused):
            sign_early_closing(cutover, reason="Enough.", actor=person)
    sign_early_closing(cutover, reason="Nothing has happened in weeks.", actor=carl)
    with pytest.raises(Conflict, match="Carl Brandt signed for this side"):
        sign_early_closing(cutover, reason="Once more.", actor=carl)
    assert decommission_reasons(cutover)

    closed = sign_early_closing(cutover, reason="The host is leased.", actor=lea)

    assert closed.closed_at
    assert decommission_reasons(closed) == []


def test_a_real_rollback_makes_a_cutover_fall_back_and_a_second_one_can_be_planned(cutover, engagement, ramp, ada):
    done(cutover)
    rollback = start_rollback(engagement, is_drill=False, actor=ada)
    tick_step(rollback.steps.get(position=2), actor=ada)

    cutover.refresh_from_db()
    second = plan_cutover(ramp, planned_for=timezone.now(), on_call="Ada", actor=ada)

    assert cutover.fallen_back_by == ada
    assert (second.number, second.steps.filter(done_at=None).count()) == (2, cutover.steps.count())
    with pytest.raises(Conflict, match="has fallen back"):
        note_queue(cutover, side="old", count=0, actor=ada)


def test_a_drill_leaves_the_cutover_as_it_is(cutover, engagement, ada):
    done(cutover)

    tick_step(start_rollback(engagement, is_drill=True, actor=ada).steps.get(position=2), actor=ada)

    cutover.refresh_from_db()
    assert cutover.fallen_back_at is None


def test_a_failed_armed_check_is_mailed_to_both_sides_once_a_day(cutover, engagement, ada):
    done(cutover)

    assert check_all_armed() == 1
    assert check_armed(cutover) is None

    check = cutover.armed_checks.get()
    assert {row["title"]: row["state"] for row in check.rows} == {
        "The proxy answers": "unknown",
        "Postfix is configured as it was frozen": "unknown",
        "The queue of Postfix is empty": "unknown",
        "The last drill counts": "fail",
    }
    told = set(OutboxMessage.objects.filter(kind="armed_failed").values_list("address", flat=True))
    assert "ada@practice.example" in told


def test_from_the_end_of_the_window_on_nobody_is_mailed_about_it(cutover, ada):
    done(cutover, days_ago=31)

    assert check_all_armed() == 0
    assert check_armed(cutover) is None

    assert not OutboxMessage.objects.filter(kind="armed_failed").exists()
    assert not cutover.armed_checks.exists()


def test_after_100_percent_every_message_is_accounted_for_by_a_run_of_all_sides(cutover, engagement, ramp, ada):
    run_until(engagement, ada, timezone.now(), sides=("journal", "old"))
    without = seen_by_the_portal("accounted", cutover)
    run_until(engagement, ada, timezone.now(), number=2)

    assert (without.holds, "nothing of the new route" in without.said) == (False, True)
    assert seen_by_the_portal("accounted", cutover).holds


def test_the_window_is_as_long_as_the_quote_says(engagement):
    assert window_days_of(engagement) == 30
