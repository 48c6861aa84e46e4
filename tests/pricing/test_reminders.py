"""Reminders 7 and 2 days before the last day: once each, and none once somebody answered or asked."""

from datetime import timedelta

import pytest

from core.models import AuditEvent, OutboxMessage
from engagements.domain.ask_question import resolve_question
from engagements.domain.perform import perform
from pricing.domain.ask_about_quote import ask_about_quote
from pricing.domain.decline_quote import decline_quote
from pricing.domain.follow_contact import record_bounce
from pricing.domain.remind_contacts import remind_contacts
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.models import QuoteReminder
from tests.factories.pricing import CONTACT, accept_quote, consent, fetch, forward_quote
from tests.pricing.letters import letter_to
from tests.threads import at_once

pytestmark = pytest.mark.django_db

INES = "ines@northlake.example"


def days_left(sent, days, **more):
    return sent.valid_until - timedelta(days=days, **more)


def test_each_contact_is_reminded_seven_and_two_days_before_and_once_each(sent, time_machine):
    counts = []
    for left in (8, 7, 6, 3, 2, 1):
        time_machine.move_to(days_left(sent, left))
        counts.append((remind_contacts(), remind_contacts()))

    assert counts == [(0, 0), (1, 0), (0, 0), (0, 0), (1, 0), (0, 0)]
    assert list(QuoteReminder.objects.values_list("days_before", flat=True)) == [7, 2]
    assert sent.contacts.get().token in letter_to(CONTACT.email, "quote_reminder")
    assert AuditEvent.objects.filter(action="quote.reminded").count() == 2


def test_a_reminder_that_was_missed_is_not_made_up_for(sent, time_machine):
    time_machine.move_to(days_left(sent, 1))

    counts = remind_contacts(), remind_contacts()

    assert counts == (1, 0)
    assert QuoteReminder.objects.get().days_before == 2


def test_nobody_is_reminded_after_the_last_day(sent, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(seconds=1))

    assert remind_contacts() == 0


def stop_by(act, sent, sam, carl, lea):
    acts = {
        "accepted": lambda: accept_quote(sent, actor=carl, consent=consent(sent)),
        "declined": lambda: decline_quote(sent, actor=carl, reason="price"),
        "asked": lambda: ask_about_quote(sent, actor=carl, text="9 IPs since May"),
        "withdrawn": lambda: withdraw_quote(sent, actor=sam, reason="Wrong estate"),
        "revised": lambda: revise_quote(sent, actor=sam),
        "bounced": lambda: record_bounce(sent.contacts.get(), actor=sam, note="550"),
        "cancelled": lambda: perform("cancel", engagement=sent.engagement, actor=lea, note="No budget"),
    }
    return acts[act]()


@pytest.mark.parametrize("act", ["accepted", "declined", "asked", "withdrawn", "revised", "bounced", "cancelled"])
def test_reminders_stop_at_once(act, sent, sam, carl, lea, time_machine):
    time_machine.move_to(days_left(sent, 7))
    before = remind_contacts()
    stop_by(act, fetch(sent), sam, carl, lea)
    time_machine.move_to(days_left(sent, 2))

    after = remind_contacts()

    assert (before, after) == (1, 0)
    assert OutboxMessage.objects.filter(kind="quote_reminder").count() == 1


def test_once_the_question_is_closed_the_next_reminder_comes(sent, carl, time_machine):
    question = ask_about_quote(sent, actor=carl, text="9 IPs since May")
    time_machine.move_to(days_left(sent, 7))
    while_open = remind_contacts()
    resolve_question(question, actor=carl)

    assert (while_open, remind_contacts()) == (0, 1)


def test_who_got_it_after_the_day_of_a_reminder_is_not_reminded_of_it(sent, sam, time_machine):
    time_machine.move_to(days_left(sent, 6))
    forward_quote(fetch(sent), actor=sam, email=INES, full_name="Ines Roth")

    remind_contacts()

    assert list(OutboxMessage.objects.filter(kind="quote_reminder").values_list("address", flat=True)) == [
        CONTACT.email
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once(sent, time_machine):
    time_machine.move_to(days_left(sent, 7))

    counts = at_once(remind_contacts, remind_contacts)

    assert sorted(counts) == [0, 1]
    assert OutboxMessage.objects.filter(kind="quote_reminder").count() == 1
