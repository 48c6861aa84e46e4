"""Drawing a paper takes seconds, outside of the transaction: what moved meanwhile is found before it is filed."""

from datetime import timedelta

import pytest

from accounts.models import Membership
from core import documents
from core.errors import Conflict, Refused
from core.models import OutboxMessage
from engagements.domain.perform import perform
from engagements.models import Engagement, FrozenDocument
from engagements.today import today_of
from pricing.domain.accept_quote import accept_quote
from pricing.domain.advise_stay import advise_stay
from pricing.domain.amend_quote import amend_quote
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.redate_quote import NewDate, redate_quote
from pricing.domain.send_quote import draft_digest, send_quote
from pricing.models import Quote
from tests.factories.pricing import STAY, consent, fetch, make_sent_quote

pytestmark = pytest.mark.django_db


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen while the paper of a kind is drawn."""

    def arrange(kind, act):
        draw = documents._renderers[kind]

        def draw_slowly(snapshot):
            act()
            return draw(snapshot)

        monkeypatch.setitem(documents._renderers, kind, draw_slowly)

    return arrange


def accept(quote, carl):
    return lambda: accept_quote(fetch(quote), actor=carl, consent=consent(fetch(quote)))


def test_advice_at_intake_is_not_filed_over_an_acceptance(northlake, sam, carl, meanwhile):
    quote = make_sent_quote(northlake, actor=sam, points=STAY)
    request = fetch(quote).engagement.request
    meanwhile("stay_advice", accept(quote, carl))

    with pytest.raises(Conflict, match=r"moved while the advice was being built\. Nothing was sent"):
        advise_stay(request, actor=sam, note="One IP.")

    assert (fetch(quote).state, fetch(quote).engagement.phase) == ("accepted", "discovery")
    assert not FrozenDocument.objects.filter(kind="stay_advice").exists()
    assert not OutboxMessage.objects.filter(kind="stay_advice").exists()


def test_advice_prints_no_refund_of_what_was_amended_meanwhile(accepted, sam, carl, olga, meanwhile):
    amendment = fetch(amend_quote(accepted, actor=sam, reason="More of it"))
    offered = send_quote(amendment, actor=sam, shown_digest=draft_digest(amendment))
    meanwhile("stay_advice", accept(offered, carl))

    with pytest.raises(Conflict, match="moved while the advice was being built"):
        advise_stay(fetch(accepted).engagement.request, actor=olga, note="Less is sent now.")

    assert Quote.objects.agreed().first() == offered
    assert Engagement.objects.get().phase == "discovery"


def test_a_new_date_needs_the_permission_until_it_is_put_out(sent, lea, meanwhile, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(days=1))
    expire_quotes()
    new = NewDate(today_of(sent.engagement) + timedelta(days=7), "Their board met late")
    meanwhile("quote", lambda: Membership.objects.filter(user=lea).update(role="sales"))

    with pytest.raises(Refused, match="you may not give an expired quote a new date"):
        redate_quote(fetch(sent), actor=lea, new=new)

    assert (fetch(sent).state, Quote.objects.count()) == ("expired", 1)


@pytest.mark.parametrize("step", ["cancel", "hold"])
def test_a_quote_is_not_sent_to_who_cancelled_or_paused_meanwhile(draft, sam, lea, meanwhile, step):
    drawn_for = fetch(draft)
    meanwhile("quote", lambda: perform(step, engagement=drawn_for.engagement, actor=lea, note="Their budget."))

    with pytest.raises(Conflict):
        send_quote(drawn_for, actor=sam, shown_digest=draft_digest(drawn_for))

    assert (fetch(draft).state, fetch(draft).document) == ("draft", None)
    assert not OutboxMessage.objects.filter(kind="quote_sent").exists()
