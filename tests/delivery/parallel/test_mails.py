"""Both sides are told what happens to the mail, once each time, in words that name no message."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import OutboxMessage
from delivery.domain.announce import announce_stale
from delivery.domain.change_share import approve_step, change_share, confirm_change
from delivery.domain.run_cutover import complete_step, plan_cutover
from delivery.domain.watch_triggers import watch_all
from tests.delivery.parallel.runs import run_until
from tests.factories.traffic import reconcile, take_in_small_day, with_phase

pytestmark = pytest.mark.django_db

BOTH_SIDES = {"ada@practice.example", "lea@practice.example", "carl@northlake.example"}


def told(kind):
    """Subject, text and addresses of the mails of a kind, which are the same for everybody but for their names."""
    mails = list(OutboxMessage.objects.filter(kind=kind))
    assert len({mail.subject for mail in mails}) <= 1
    addresses = [mail.address for mail in mails]
    assert len(addresses) == len(set(addresses)), "nobody is told twice"
    return (mails[0].subject, mails[0].text, set(addresses)) if mails else ("", "", set())


def test_a_yes_and_a_step_that_was_taken_are_told_and_one_that_was_not_is_not(parallel, ramp, ada, carl):
    approve_step(ramp, share=10, note="Go on.", actor=carl)
    ramp.share, ramp.share_since = 50, timezone.now()
    ramp.save()
    confirm_change(change_share(ramp, share=25, why="Slower.", actor=ada), is_done=False, actor=ada)
    before = told("share_changed")
    confirm_change(change_share(ramp, share=10, why="Complaints.", actor=ada), is_done=True, actor=ada)

    assert before == ("", "", set())
    assert told("step_approved")[0] == f"{parallel.code}: yes to 10 % for All mail"
    subject, text, addresses = told("share_changed")
    assert subject == f"{parallel.code}: All mail is at 10 % on the new route"
    assert "from 50 % to 10 %" in text
    assert "Ada" in text
    assert "Complaints." in text
    assert addresses == told("step_approved")[2] == BOTH_SIDES


def test_messages_that_no_run_found_before_are_told_once_and_without_their_names(engagement, ramp, ada, carl):
    take_in_small_day(engagement, actor=ada, lost=[7])

    for _ in range(2):
        reconcile(engagement, actor=ada)

    subject, text, addresses = told("cases_found")
    assert subject == f"{engagement.code}: Run 1 does not account for 1 message"
    assert "- Case 1: Missing on the old side, 1 message\n" in text
    assert "northlake.example>" not in text
    assert "user7" not in text
    assert addresses == BOTH_SIDES


def test_logs_that_block_the_next_step_by_their_age_are_told_once_a_run(parallel, ramp, ada, carl):
    ramp.share, ramp.share_since = 50, timezone.now() - timedelta(days=3)
    ramp.save()
    run_until(parallel, ada, timezone.now() - timedelta(hours=23))
    watch_all()
    before = told("evidence_stale")
    run_until(parallel, ada, timezone.now() - timedelta(hours=25), number=2)

    for _ in range(2):
        watch_all()

    assert before == ("", "", set())
    assert told("evidence_stale")[0] == f"{parallel.code}: the newest logs are too old for the next step"
    assert "block the next step and gate 3." in told("evidence_stale")[1]
    assert told("evidence_stale")[2] == BOTH_SIDES


def test_old_logs_block_no_gate_that_is_signed(engagement, ramp, ada, carl):
    with_phase(engagement, "monitoring")
    run = run_until(engagement, ada, timezone.now() - timedelta(hours=25))

    announce_stale(run)

    assert "block the next step." in told("evidence_stale")[1]
    assert "gate 3" not in told("evidence_stale")[1]


def test_go_is_asked_of_whoever_signs_when_the_last_step_before_it_is_done(engagement, ramp, ada, carl):
    with_phase(engagement, "cutover")
    cutover = plan_cutover(ramp, planned_for=timezone.now(), on_call="Ada, +1 555 0100", actor=ada)
    go = cutover.steps.get(key="go")
    cutover.steps.filter(position__lt=go.position).exclude(key__in=["ttl", "dkim"]).update(
        done_at=timezone.now(), done_by=ada, evidence="Seen."
    )
    complete_step(cutover.steps.get(key="dkim"), evidence="Both resolvers.", actor=ada)
    before = told("go_asked")

    complete_step(cutover.steps.get(key="ttl"), evidence="300 s since Monday.", actor=carl)
    complete_step(go, evidence="Go.", actor=carl)

    assert before == ("", "", set())
    assert told("go_asked")[0] == f"Decide on {engagement.code}: go or no-go for {cutover} of All mail"
    assert told("go_asked")[2] == {"carl@northlake.example"}
