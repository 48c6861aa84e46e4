"""Who is reminded of a signature, when, and when not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEvent, OutboxMessage
from engagements.domain.mark_stale import mark_stale
from engagements.domain.perform import perform
from engagements.domain.remind_signers import remind_signers, tell_of_standstills
from engagements.domain.request_changes import request_changes
from engagements.models import Reminder
from engagements.tasks import remind_signers_task
from tests.engagements.journey import begin, put_up, sign
from tests.engagements.signers import colleague
from tests.factories.engagements import delegate_signature

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]

KINDS = ("sign_reminder", "sign_escalation", "sign_duty_lost")


def sent():
    return list(OutboxMessage.objects.filter(kind__in=KINDS).order_by("pk").values_list("kind", "address"))


def after(days):
    return timezone.now() + timedelta(days=days, minutes=1)


def test_nothing_is_sent_before_day_three(in_turns):
    assert remind_signers(now=timezone.now() + timedelta(days=3) - timedelta(hours=1)) == 0
    assert sent() == []


def test_day_three_day_seven_and_then_the_lead_once_each(in_turns, carl, lea):
    for day in (3, 3, 4, 7, 7, 10, 10, 30):
        remind_signers(now=after(day))

    assert sent() == [
        ("sign_reminder", carl.email),
        ("sign_reminder", carl.email),
        ("sign_escalation", lea.email),
    ]
    assert AuditEvent.objects.filter(action="gate.signer_reminded").count() == 3


def test_after_a_long_silence_of_the_beat_only_the_latest_reminder_goes_out(in_turns, carl):
    remind_signers(now=after(8))

    assert sent() == [("sign_reminder", carl.email)]
    assert Reminder.objects.get().kind == "second"


def test_whose_turn_has_not_come_is_not_reminded(in_turns, carl, petra):
    remind_signers(now=after(3))

    assert petra.email not in [address for _, address in sent()]


def test_a_signature_ends_the_reminders_and_starts_those_of_the_next_turn(in_turns, carl, petra):
    sign(in_turns, signer=carl)
    remind_signers(now=after(3))

    assert sent() == [("sign_reminder", petra.email)]


def test_whoever_lost_the_duty_is_not_reminded_and_the_lead_is_told_once(in_turns, carl, lea):
    carl.memberships.get().duties.all().delete()

    for day in (3, 4, 7, 10, 30):
        remind_signers(now=after(day))

    assert sent() == [("sign_duty_lost", lea.email)]
    assert AuditEvent.objects.filter(action="gate.signer_lost_duty").count() == 1
    assert not AuditEvent.objects.filter(action="gate.signer_reminded").exists()
    assert "lost the duty to sign phase 1" in OutboxMessage.objects.get(kind="sign_duty_lost").text


def test_a_deputy_has_days_of_their_own(in_turns, carl, northlake, olga):
    finn = colleague("Finn Aalto", northlake, olga)
    remind_signers(now=after(3))
    delegate_signature(in_turns, actor=carl, to=finn, reason="On leave.")
    in_turns.required_signers.filter(user=finn).update(asked_at=after(3))

    remind_signers(now=after(5))
    remind_signers(now=after(6) + timedelta(minutes=1))

    assert sent() == [("sign_reminder", carl.email), ("sign_reminder", finn.email)]


def test_requested_changes_a_replaced_document_and_a_held_engagement_end_them(
    engagement, in_turns, carl, ada, lea, facts
):
    perform("hold", engagement=engagement, actor=lea, note="The customer asked for a pause.")
    while_held = remind_signers(now=after(4))
    perform("resume", engagement=engagement, actor=lea)
    request_changes(in_turns, actor=carl, reason="Name the window.")
    while_changing = remind_signers(now=after(4))
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)

    assert (while_held, while_changing, remind_signers(now=after(4))) == (0, 0, 0)
    assert sent() == []


def test_the_lead_is_told_of_a_gate_that_stands_still_once_a_day(engagement, carl, ada, lea):
    begin(engagement, accepted_by=carl)
    now = after(3).replace(hour=9)

    early = tell_of_standstills(now=timezone.now() + timedelta(days=2))
    first, again = tell_of_standstills(now=now + timedelta(days=1)), tell_of_standstills(now=now + timedelta(days=1))
    next_day = tell_of_standstills(now=now + timedelta(days=2))

    mails = OutboxMessage.objects.filter(kind="gate_standstill")
    assert (early, first, again, next_day) == (0, 1, 0, 1)
    assert {mail.address for mail in mails} == {lea.email}
    assert not any(mail.is_required for mail in mails)
    assert "The migration plan is not frozen yet." in mails.first().text
    assert mails.first().subject.startswith(f"Blocked: gate 1 of {engagement.code}")


def test_the_beat_runs_both(in_turns, carl):
    in_turns.required_signers.filter(user=carl).update(asked_at=timezone.now() - timedelta(days=4))

    remind_signers_task()

    assert sent() == [("sign_reminder", carl.email)]


def test_a_reminder_says_what_how_long_why_and_the_fingerprint(in_turns, carl):
    remind_signers(now=after(3))

    mail = OutboxMessage.objects.get(kind="sign_reminder")
    assert mail.subject == "Still to sign: Migration plan, version 1 (Northlake Logistics)"
    assert in_turns.digest in mail.text
    assert "You have the duty to sign phase 1" in mail.text


def test_an_ended_gate_reminds_nobody(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    assert remind_signers(now=after(10)) == 0
