"""An acceptance that is declared void before work began."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from pricing.domain.revise_quote import withdraw_quote
from pricing.domain.void_quote import why_not_void
from pricing.models import Quote
from tests.factories.pricing import accept_quote, consent, fetch, make_sent_quote, void_quote
from tests.pricing.letters import link, token_for
from tests.pricing.pages import text_of, url_of

pytestmark = pytest.mark.django_db


def test_the_evidence_of_the_acceptance_stays_and_the_engagement_ends(accepted, olga, carl):
    quote = void_quote(accepted, actor=olga, reason="Sent to the wrong company")

    kept = fetch(quote)
    assert (kept.state, kept.voided_by, kept.end_reason) == ("voided", olga, "Sent to the wrong company")
    assert (kept.accepted_by, kept.receipt, kept.accepted_digest) == (carl, accepted.receipt, accepted.document.digest)
    assert kept.engagement.phase == "cancelled"
    assert AuditEvent.objects.get(action="quote.voided").data["reason"] == "Sent to the wrong company"
    assert sorted(OutboxMessage.objects.filter(kind="quote_void").values_list("address", flat=True)) == [
        "carl@northlake.example",
        "sam@practice.example",
    ]


@pytest.mark.parametrize("person", ["sam", "lea", "carl"])
def test_only_the_owner_declares_it_void(accepted, person, request):
    with pytest.raises(Refused, match="you may not declare an acceptance void"):
        void_quote(accepted, actor=request.getfixturevalue(person), reason="Wrong")

    assert fetch(accepted).state == "accepted"


def test_it_needs_a_reason(accepted, olga):
    with pytest.raises(DomainError, match="Say why"):
        void_quote(accepted, actor=olga, reason="")

    assert fetch(accepted).engagement.phase == "discovery"


def test_once_work_was_planned_to_begin_it_stands(accepted, olga, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=8))

    with pytest.raises(Conflict, match="was planned to begin on"):
        void_quote(accepted, actor=olga, reason="Wrong")

    assert fetch(accepted).state == "accepted"


def test_an_open_quote_is_withdrawn_and_keeps_the_reason(sent, sam, olga):
    with pytest.raises(Conflict, match="only an accepted quote can be declared void"):
        void_quote(sent, actor=olga, reason="Wrong")

    withdraw_quote(sent, actor=sam, reason="Sized on the wrong estate")

    assert (fetch(sent).state, fetch(sent).end_reason) == ("withdrawn", "Sized on the wrong estate")


def test_nobody_accepts_what_is_void(accepted, olga, carl):
    quote = fetch(void_quote(accepted, actor=olga, reason="Wrong"))

    with pytest.raises(DomainError, match="only an open quote can be answered"):
        accept_quote(quote, actor=carl, consent=consent(quote))
    with pytest.raises(Conflict, match="only an accepted quote"):
        void_quote(quote, actor=olga, reason="Again")

    assert why_not_void(quote).endswith("can be declared void.")


@pytest.mark.parametrize("change", [{"receipt": "A-1"}, {"po_number": "7"}, {"end_reason": "x"}, {"state": "sent"}])
def test_the_database_keeps_an_acceptance(accepted, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Quote.objects.filter(pk=accepted.pk).update(**change)

    assert fetch(accepted).receipt == accepted.receipt


def test_the_database_keeps_the_evidence_of_what_is_void(accepted, olga):
    quote = void_quote(accepted, actor=olga, reason="Wrong")

    with pytest.raises(DatabaseError), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(state="accepted")
    with pytest.raises(DatabaseError), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(end_reason="Better words")

    assert fetch(quote).end_reason == "Wrong"


def test_the_receipt_stays_at_its_link_and_in_the_portal_and_says_that_it_is_void(client, northlake, sam, olga, carl):
    sent = make_sent_quote(northlake, actor=sam)
    token = token_for(carl.email)
    accepted = fetch(accept_quote(sent, actor=carl, consent=consent(sent)))
    void_quote(accepted, actor=olga, reason="Sent to the wrong company")
    client.force_login(carl)

    receipts = [client.get(link("receipt", token)), client.get(url_of("receipt", sent.reference))]
    pages = [client.get(link("quote", token)), client.get(url_of("quote", sent.reference))]

    for page in receipts:
        shown = text_of(page)
        assert page.status_code == 200
        assert accepted.receipt in shown
        assert f"{olga} declared this acceptance void" in shown
        assert "Reason: Sent to the wrong company" in shown
        assert "is accepted" not in shown
        assert "What happens next" not in shown
    for page in pages:
        assert f"Receipt {accepted.receipt}" in text_of(page)
