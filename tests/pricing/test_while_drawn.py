"""Drawing a paper takes seconds, outside of the transaction: what moved meanwhile is found before it is filed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Membership
from core import documents
from core.models import AuditEvent, Job, OutboxMessage
from engagements.domain.perform import perform
from engagements.models import Engagement, FrozenDocument
from engagements.today import today_of
from pricing.calculation.terms import Reduction
from pricing.domain.accept_quote import accept_quote
from pricing.domain.advise_stay import request_advice
from pricing.domain.amend_quote import amend_quote
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.give_terms import Seen, give_discount
from pricing.domain.redate_quote import NewDate, request_redating
from pricing.domain.send_quote import draft_digest, request_sending
from pricing.models import Quote
from tests.factories.pricing import STAY, consent, fetch, finish, make_sent_quote, send_quote
from tests.pricing.pages import text_of, url_of

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

    job = finish(request_advice(request, actor=sam, note="One IP."))

    assert job.state == "failed"
    assert "moved while the advice was being built. Nothing was sent" in job.error_sentence
    assert (fetch(quote).state, fetch(quote).engagement.phase) == ("accepted", "discovery")
    assert not FrozenDocument.objects.filter(kind="stay_advice").exists()
    assert not OutboxMessage.objects.filter(kind="quote_stay_advice").exists()


def test_advice_prints_no_refund_of_what_was_amended_meanwhile(accepted, sam, carl, olga, meanwhile):
    amendment = fetch(amend_quote(accepted, actor=sam, reason="More of it"))
    offered = send_quote(amendment, actor=sam, shown_digest=draft_digest(amendment))
    meanwhile("stay_advice", accept(offered, carl))

    job = finish(request_advice(fetch(accepted).engagement.request, actor=olga, note="Less is sent now."))

    assert "moved while the advice was being built" in job.error_sentence
    assert Quote.objects.agreed().first() == offered
    assert Engagement.objects.get().phase == "discovery"


def test_a_new_date_needs_the_permission_until_it_is_put_out(sent, lea, meanwhile, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(days=1))
    expire_quotes()
    new = NewDate(today_of(sent.engagement) + timedelta(days=7), "Their board met late")
    meanwhile("quote", lambda: Membership.objects.filter(user=lea).update(role="sales"))

    job = finish(request_redating(fetch(sent), actor=lea, new=new))

    assert "you may not give an expired quote a new date" in job.error_sentence
    assert (fetch(sent).state, Quote.objects.count()) == ("expired", 1)


@pytest.mark.parametrize("step", ["cancel", "hold"])
def test_a_quote_is_not_sent_to_who_cancelled_or_paused_meanwhile(draft, sam, lea, meanwhile, step):
    drawn_for = fetch(draft)
    meanwhile("quote", lambda: perform(step, engagement=drawn_for.engagement, actor=lea, note="Their budget."))

    job = finish(request_sending(drawn_for, actor=sam, shown_digest=draft_digest(drawn_for)))

    assert job.state == "failed"
    assert (fetch(draft).state, fetch(draft).document) == ("draft", None)
    assert not OutboxMessage.objects.filter(kind="quote_sent").exists()


def test_asking_twice_while_it_is_drawn_makes_one_paper(draft, sam, lea):
    asked = request_sending(fetch(draft), actor=sam, shown_digest=draft_digest(draft))
    again = request_sending(fetch(draft), actor=lea, shown_digest=draft_digest(draft))

    finish(asked)

    assert again == asked
    assert (fetch(draft).state, fetch(draft).sent_by) == ("sent", sam)
    assert FrozenDocument.objects.filter(kind="quote").count() == 1
    assert AuditEvent.objects.filter(action="quote.sending_asked").count() == 1


def test_until_the_paper_is_there_nothing_is_sent_and_the_clock_runs(draft, sam):
    job = request_sending(fetch(draft), actor=sam, shown_digest=draft_digest(draft))

    waiting = fetch(draft)

    assert (job.state, waiting.state, waiting.document, waiting.sent_at) == ("queued", "draft", None, None)
    assert waiting.engagement.request.is_clock_running
    assert not OutboxMessage.objects.filter(kind="quote_sent").exists()


def test_a_paper_that_was_not_made_says_so_and_the_quote_stays_a_draft(client, draft, sam, lea):
    client.force_login(sam)
    client.post(url_of("send", draft.reference), {"shown_digest": draft_digest(fetch(draft))})
    give_discount(
        fetch(draft), actor=lea, reduction=Reduction(percent=Decimal(5)), seen=Seen("Second one", draft_digest(draft))
    )

    finish(Job.objects.get())
    mail = OutboxMessage.objects.get(kind="document_failed")
    page = text_of(client.get(url_of("quote", draft.reference)))

    assert "The PDF was not made" in page
    assert f"{draft.reference} changed after you reviewed it. Nothing was sent; review it again." in page
    assert "Review and send" in page
    assert (mail.recipient, mail.subject) == (sam, f"Not made: quote {draft.reference}")
    assert "changed after you reviewed it" in mail.text
    assert fetch(draft).document is None
