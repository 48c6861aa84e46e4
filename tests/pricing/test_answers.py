"""Accepting, declining, asking, and the advice to stay."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from djmoney.money import Money

from accounts.domain.give_membership import give_membership
from core.audit import verify_chain
from core.errors import Conflict, DomainError, GateClosed, Refused
from core.models import AuditEvent, OutboxMessage
from core.outbox import words_of
from engagements.decisions import decisions_for
from engagements.domain.perform import perform
from engagements.models import Engagement, FrozenDocument, SchedulePhase, Transition
from pricing.domain.ask_about_quote import ask_about_quote
from pricing.domain.decline_quote import decline_quote
from pricing.domain.revise_quote import revise_quote
from pricing.models import Quote, Request
from tests.factories.accounts import UserFactory
from tests.factories.pricing import (
    STAY,
    accept_quote,
    advise_stay,
    consent,
    fetch,
    make_accepted_quote,
    make_request,
    make_sent_quote,
)
from tests.pricing.pages import text_of, url_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def peter(northlake, olga):
    """A second person at Northlake who may accept quotes."""
    user = UserFactory(full_name="Peter Lang", email="peter@northlake.example")
    give_membership(user, organization=northlake, role="finance", duties=[("accept_quotes", None)], actor=olga)
    return user


def test_accepting_hands_over_tier_fee_and_dates_and_starts_discovery(sent, carl):
    accept_quote(sent, actor=carl, consent=consent(sent, po_number=" PO-77 "))

    quote, engagement = fetch(sent), Engagement.objects.get(pk=sent.engagement_id)
    assert (quote.state, quote.accepted_by, quote.po_number) == ("accepted", carl, "PO-77")
    assert quote.accepted_digest == sent.document.digest
    assert quote.consent_text.startswith("I may accept this quote for Northlake Logistics.")
    assert (engagement.phase, engagement.tier_key, engagement.fee) == ("discovery", "multi_ip", Money(28500, "USD"))
    assert engagement.gates.get(number=1).state == "open"
    assert SchedulePhase.objects.filter(engagement=engagement).count() == 5
    assert SchedulePhase.objects.get(engagement=engagement, number=3).minimum_weeks == 3


def test_the_schedule_begins_on_a_monday_after_the_acceptance(sent, carl, time_machine):
    time_machine.move_to(sent.sent_at + timedelta(hours=1), tick=False)

    accept_quote(sent, actor=carl, consent=consent(sent))

    first = SchedulePhase.objects.get(engagement=sent.engagement, number=1)
    assert first.planned_start.weekday() == 0
    assert timedelta(0) < first.planned_start - date.fromisoformat(sent.snapshot["book_day"]) <= timedelta(days=8)


def test_an_acceptance_is_in_the_ledger_and_mailed_with_the_paper(accepted, carl, sam):
    mails = OutboxMessage.objects.filter(kind="quote_accepted")

    event = AuditEvent.objects.get(action="quote.accepted")
    assert event.data["consent"]["shown_digest"] == accepted.document.digest
    assert list(verify_chain(accepted.audit_chain)) == []
    assert sorted(mails.values_list("address", flat=True)) == [carl.email, sam.email]
    assert bytes(mails[0].attachments.get().content) == bytes(accepted.document.pdf)


def test_a_double_click_gives_the_same_receipt(accepted, carl):
    again = accept_quote(accepted, actor=carl, consent=consent(accepted))

    assert (again.receipt, again.accepted_at) == (accepted.receipt, accepted.accepted_at)
    assert AuditEvent.objects.filter(action="quote.accepted").count() == 1
    assert OutboxMessage.objects.filter(kind="quote_accepted").count() == 2


def test_somebody_else_is_told_who_accepted_and_when(accepted, peter):
    with pytest.raises(Conflict, match=f"Carl Brandt accepted {accepted.reference} on "):
        accept_quote(accepted, actor=peter, consent=consent(accepted))

    assert fetch(accepted).accepted_by.full_name == "Carl Brandt"


@pytest.mark.parametrize("person", ["vera", "otto", "sam", "olga"])
def test_nobody_accepts_without_the_duty(person, sent, request):
    with pytest.raises(Refused):
        accept_quote(sent, actor=request.getfixturevalue(person), consent=consent(sent))

    assert fetch(sent).state == "sent"
    assert Engagement.objects.get(pk=sent.engagement_id).phase == "intake"


def test_an_expired_quote_is_not_accepted_even_before_the_nightly_task(sent, carl, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(seconds=1))

    with pytest.raises(DomainError, match="expired on"):
        accept_quote(sent, actor=carl, consent=consent(sent))

    assert fetch(sent).state == "sent"


def test_a_quote_is_accepted_up_to_its_last_moment(sent, carl, time_machine):
    time_machine.move_to(sent.valid_until - timedelta(seconds=5), tick=False)

    accept_quote(sent, actor=carl, consent=consent(sent))

    assert fetch(sent).state == "accepted"


def test_a_revised_quote_is_not_accepted(sent, sam, carl):
    revise_quote(sent, actor=sam)

    with pytest.raises(Conflict, match="A newer revision replaced"):
        accept_quote(sent, actor=carl, consent=consent(sent))

    assert not Quote.objects.filter(state="accepted").exists()


def test_another_text_than_the_one_on_screen_is_not_accepted(sent, carl):
    with pytest.raises(Conflict, match="Nothing was accepted"):
        accept_quote(sent, actor=carl, consent=consent(sent, shown_digest="0" * 64))

    assert fetch(sent).state == "sent"


def test_when_the_ledger_cannot_be_written_nothing_was_accepted(sent, carl, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("no ledger")

    monkeypatch.setattr(AuditEvent, "save", refuse)

    with pytest.raises(RuntimeError, match="no ledger"):
        accept_quote(sent, actor=carl, consent=consent(sent))

    assert fetch(sent).state == "sent"
    assert not SchedulePhase.objects.exists()


def test_the_database_keeps_an_acceptance(accepted):
    with pytest.raises(DatabaseError), transaction.atomic():
        Quote.objects.filter(pk=accepted.pk).update(po_number="Another")


def test_the_database_wants_an_acceptance_whole(sent, carl):
    with pytest.raises(DatabaseError), transaction.atomic():
        Quote.objects.filter(pk=sent.pk).update(state="accepted", accepted_at=sent.sent_at, accepted_by=carl)


def test_discovery_does_not_start_without_an_accepted_quote(sent, carl):
    with pytest.raises(GateClosed, match="The quote has not been accepted"):
        perform("start_discovery", engagement=sent.engagement, actor=carl)

    assert Engagement.objects.get(pk=sent.engagement_id).phase == "intake"


def test_declining_keeps_the_reason_and_closes_the_engagement(sent, carl, sam):
    decline_quote(sent, actor=carl, reason="timing", text="Peak season")

    quote = fetch(sent)
    assert (quote.state, quote.decline_reason, quote.decline_text) == ("declined", "timing", "Peak season")
    assert quote.engagement.phase == "declined"
    assert Transition.objects.get(step="decline").note == "The time is not right: Peak season"
    assert OutboxMessage.objects.get(kind="quote_declined").address == sam.email


@pytest.mark.parametrize(("reason", "sentence"), [("other", "in your own words"), ("weather", "from the list")])
def test_a_reason_that_says_nothing_is_refused(sent, carl, reason, sentence):
    with pytest.raises(DomainError, match=sentence):
        decline_quote(sent, actor=carl, reason=reason)

    assert fetch(sent).state == "sent"


def test_a_declined_quote_is_not_accepted(sent, carl, peter):
    decline_quote(sent, actor=peter, reason="price")

    with pytest.raises(Conflict, match="Peter Lang declined"):
        accept_quote(sent, actor=carl, consent=consent(sent))


def test_telling_that_something_changed_asks_and_accepts_nothing(sent, carl, sam):
    question = ask_about_quote(sent, actor=carl, text="We send from 9 IPs since May.")

    assert question.about == f"Quote {sent.reference}"
    assert OutboxMessage.objects.get(kind="quote_question").address == sam.email
    assert fetch(sent).state == "sent"


def test_an_open_quote_waits_on_the_home_page_of_who_may_accept(sent, carl, vera, otto):
    titles = [decision.title for decision in decisions_for(carl)]

    assert titles == [f"Accept or decline quote {sent.reference}"]
    assert decisions_for(vera) == decisions_for(otto) == []


def test_an_accepted_quote_waits_for_nobody(accepted, carl):
    assert not [decision for decision in decisions_for(carl) if "quote" in decision.title.lower()]


def test_the_advice_to_stay_is_a_result_with_a_document_of_its_own(northlake, sam, carl):
    request = make_request(northlake, actor=sam, points=STAY)

    document = advise_stay(request, actor=sam, note="One stream, one IP.")

    engagement = Engagement.objects.get(pk=request.engagement_id)
    stored = Request.objects.get(pk=request.pk)
    assert (engagement.phase, document.kind, document.snapshot["refund"]) == (
        "stayed",
        "stay_advice",
        "Nothing has been charged.",
    )
    assert not stored.is_clock_running
    mail = OutboxMessage.objects.get(kind="quote_stay_advice")
    assert bytes(mail.attachments.get().content) == bytes(document.pdf)


def test_the_advice_to_stay_takes_an_open_quote_back(northlake, sam, carl):
    sent = make_sent_quote(northlake, actor=sam, points=STAY)

    advise_stay(sent.engagement.request, actor=sam, note="Read twice.")

    assert fetch(sent).state == "withdrawn"


def test_stay_is_not_advised_against_the_numbers(request_of_northlake, sam):
    with pytest.raises(DomainError, match="The diagnosis does not say stay: 3 of 4 signals lit"):
        advise_stay(request_of_northlake, actor=sam, note="A feeling")

    assert not FrozenDocument.objects.exists()
    assert Engagement.objects.get().phase == "intake"


def test_when_discovery_ends_in_stay_the_advice_names_the_refund(northlake, sam, carl, lea):
    quote = make_accepted_quote(northlake, actor=sam, signatory=carl)

    document = advise_stay(Request.objects.get(engagement=quote.engagement), actor=lea, note="The volume is half.")

    assert document.snapshot["refund"] == "Refund of the unused execution budget: USD 26,100 of USD 28,500."
    assert Engagement.objects.get(pk=quote.engagement_id).phase == "stayed"


@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once_make_one_and_the_other_is_told(sent, carl, peter):
    said = at_once(
        *[lambda person=person: accept_quote(sent, actor=person, consent=consent(sent)) for person in (carl, peter)]
    )

    winner = fetch(sent).accepted_by.full_name
    (refusal,) = [str(one) for one in said if isinstance(one, Conflict)]
    assert len(said) == 2
    assert refusal.startswith(f"{winner} accepted {sent.reference} on ")
    assert AuditEvent.objects.filter(action="quote.accepted").count() == 1
    assert Transition.objects.filter(step="start_discovery").count() == 1


def test_the_receipt_names_the_nda_first_and_so_does_the_mail(client, accepted, carl):
    client.force_login(carl)

    page = text_of(client.get(url_of("receipt", accepted.reference)))

    assert "NDA: Northlake Logistics has not chosen one yet." in page
    assert page.index("NDA: Northlake") < page.index("Discovery + plan:")
    told, _ = words_of(OutboxMessage.objects.get(kind="quote_accepted", address=carl.email))
    assert reverse("pricing:nda", args=[accepted.engagement.code]) in told


def test_the_list_of_documents_says_who_accepted_a_quote(client, accepted, carl):
    client.force_login(carl)

    page = text_of(client.get(reverse("engagements:documents", args=[accepted.engagement.code])))

    assert f'<a href="{url_of("receipt", accepted.reference)}">Accepted by Carl Brandt</a>' in page
    assert ">None<" not in page
