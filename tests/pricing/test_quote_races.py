"""Two acts on one quote at the same moment, each on a connection of its own: one outcome, nothing half."""

from datetime import timedelta

import pytest

from core.audit import verify_chain
from core.errors import DomainError
from core.models import AuditEvent
from engagements.today import today_of
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.redate_quote import NewDate
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.models import Quote
from tests.factories.pricing import accept_quote, consent, fetch, redate_quote, void_quote
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def one_of_two(said):
    (refusal,) = [one for one in said if isinstance(one, DomainError)]
    assert len(said) == 2
    return refusal


def accept(quote, person):
    return lambda: accept_quote(fetch(quote), actor=person, consent=consent(quote))


def test_accept_and_revise_at_once_are_one_of_the_two(sent, carl, sam):
    one_of_two(at_once(accept(sent, carl), lambda: revise_quote(fetch(sent), actor=sam)))

    quote = fetch(sent)
    outcome = quote.state, quote.engagement.phase, bool(quote.receipt), Quote.objects.count()
    assert outcome in {("accepted", "discovery", True, 1), ("superseded", "intake", False, 2)}
    assert AuditEvent.objects.filter(action__in=["quote.accepted", "quote.superseded"]).count() == 1
    assert list(verify_chain(quote.audit_chain)) == []


def test_accept_and_withdraw_at_once_are_one_of_the_two(sent, carl, sam):
    one_of_two(at_once(accept(sent, carl), lambda: withdraw_quote(fetch(sent), actor=sam, reason="Wrong estate")))

    quote = fetch(sent)
    outcome = quote.state, quote.engagement.phase, bool(quote.receipt), bool(quote.end_reason)
    assert outcome in {("accepted", "discovery", True, False), ("withdrawn", "intake", False, True)}
    assert AuditEvent.objects.filter(action__in=["quote.accepted", "quote.withdrawn"]).count() == 1


def test_a_second_click_and_void_at_once_leave_it_void_with_its_receipt(accepted, carl, olga):
    said = at_once(accept(accepted, carl), lambda: void_quote(fetch(accepted), actor=olga, reason="Wrong company"))

    quote = fetch(accepted)
    assert len(said) == 2
    assert (quote.state, quote.engagement.phase, quote.receipt) == ("voided", "cancelled", accepted.receipt)
    assert AuditEvent.objects.filter(action="quote.accepted").count() == 1


def test_a_new_date_and_a_revision_at_once_make_one_successor(sent, carl, lea, sam, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(days=1))
    expire_quotes()
    new = NewDate(today_of(sent.engagement) + timedelta(days=7), "Their board met late")

    one_of_two(
        at_once(
            lambda: redate_quote(fetch(sent), actor=lea, new=new),
            lambda: revise_quote(fetch(sent), actor=sam),
        )
    )

    successor = Quote.objects.exclude(pk=sent.pk).get()
    assert (fetch(sent).state, successor.letter) == ("superseded", "B")
    assert (successor.state, successor.document_id is None) in {("sent", False), ("draft", True)}
