"""Drawing a paper takes seconds, outside of the transaction: what moved meanwhile is found before it is filed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Duty, Membership
from core import documents
from core.errors import Conflict
from core.models import AuditEvent, Job, OutboxMessage
from core.wording import day_text
from engagements.domain.perform import perform
from engagements.models import Engagement, FrozenDocument
from engagements.today import today_of
from pricing.calculation.terms import Reduction
from pricing.domain.advise_stay import request_advice
from pricing.domain.amend_quote import amend_quote
from pricing.domain.expire_quotes import expire_quotes
from pricing.domain.give_terms import Seen, give_discount
from pricing.domain.redate_quote import NewDate
from pricing.domain.revise_quote import withdraw_quote
from pricing.domain.send_quote import draft_digest
from pricing.models import Quote
from tests.factories.pricing import (
    STAY,
    accept_quote,
    consent,
    fetch,
    finish,
    make_request,
    make_sent_quote,
    request_redating,
    request_sending,
    send_quote,
)
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


@pytest.fixture
def expired(sent, time_machine):
    time_machine.move_to(sent.valid_until + timedelta(days=1))
    expire_quotes()
    return fetch(sent)


def new_date(quote, *, days, reason="Their board met late"):
    return NewDate(today_of(quote.engagement) + timedelta(days=days), reason)


def test_asking_with_other_words_is_refused_and_the_first_words_are_sent(expired, lea, olga):
    first = new_date(expired, days=7)
    asked = request_redating(expired, actor=lea, new=first)

    with pytest.raises(Conflict, match=r"Lea Moser asked for it on .*, otherwise than you do now"):
        request_redating(fetch(expired), actor=olga, new=new_date(expired, days=9))
    with pytest.raises(Conflict, match="Yours was not taken"):
        request_redating(fetch(expired), actor=lea, new=new_date(expired, days=7, reason="Another reason"))

    revision = fetch(Quote.objects.get(reference=finish(asked).result["reference"]))
    assert day_text(first.last_day) in revision.document.snapshot["valid_until"]
    assert AuditEvent.objects.filter(action="quote.redating_asked").count() == 1


def test_other_words_for_the_advice_are_refused_while_it_is_drawn(northlake, sam, olga):
    request = make_request(northlake, actor=sam, points=STAY)
    asked = request_advice(request, actor=sam, note="One IP.")

    same = request_advice(request, actor=olga, note=" One IP. ")
    with pytest.raises(Conflict, match="Sam Ortiz asked for it"):
        request_advice(request, actor=olga, note="One stream.")

    assert same == asked
    assert Job.objects.get().arguments["note"] == "One IP."


def test_what_failed_is_asked_for_again_with_other_words(expired, lea, carl, northlake):
    asked = request_redating(expired, actor=lea, new=new_date(expired, days=7))
    Job.objects.filter(pk=asked.pk).update(state="failed", finished_at=timezone.now(), error_sentence="No.")

    again = request_redating(fetch(expired), actor=lea, new=new_date(expired, days=9))

    assert again != asked


def test_a_new_date_that_passed_in_the_queue_is_not_sent(expired, lea, time_machine):
    asked = request_redating(expired, actor=lea, new=new_date(expired, days=1))
    time_machine.move_to(timezone.now() + timedelta(days=2))

    job = finish(asked)

    assert job.state == "failed"
    assert "Enter a last day after today" in job.error_sentence
    assert (fetch(expired).state, Quote.objects.count()) == ("expired", 1)


def test_a_new_date_that_passed_while_it_was_drawn_is_not_sent(expired, lea, meanwhile, time_machine):
    asked = request_redating(expired, actor=lea, new=new_date(expired, days=1))
    meanwhile("quote", lambda: time_machine.move_to(timezone.now() + timedelta(days=2)))

    job = finish(asked)

    assert "Enter a last day after today" in job.error_sentence
    assert (fetch(expired).state, Quote.objects.count()) == ("expired", 1)


def test_a_quote_that_nobody_could_accept_any_more_is_not_sent(draft, sam, carl, meanwhile):
    meanwhile("quote", lambda: Duty.objects.filter(membership__user=carl).delete())

    job = finish(request_sending(fetch(draft), actor=sam, shown_digest=draft_digest(draft)))

    assert "Nobody at Northlake Logistics may accept quotes yet" in job.error_sentence
    assert (fetch(draft).state, fetch(draft).document) == ("draft", None)


def test_a_failure_leaves_the_page_once_what_it_was_for_came_about(client, draft, sam):
    failed = request_sending(fetch(draft), actor=sam, shown_digest=draft_digest(draft))
    Job.objects.filter(pk=failed.pk).update(state="failed", finished_at=timezone.now(), error_sentence="No room.")
    client.force_login(sam)

    before = text_of(client.get(url_of("quote", draft.reference)))
    withdraw_quote(fetch(draft), actor=sam, reason="Drafted anew")
    after = text_of(client.get(url_of("quote", draft.reference)))

    assert "The PDF was not made" in before
    assert "The PDF was not made" not in after


def test_advice_that_was_not_made_is_past_once_a_quote_is_sent(client, draft, sam):
    request = fetch(draft).engagement.request
    Job.objects.create(
        kind="advise_stay",
        subject_type=request._meta.label,
        subject_id=str(request.pk),
        actor=sam,
        state="failed",
        finished_at=timezone.now(),
        error_sentence="No room.",
    )
    client.force_login(sam)
    page = url_of("request", request.engagement.code)

    before = text_of(client.get(page))
    with transaction.atomic():
        send_quote(fetch(draft), actor=sam, shown_digest=draft_digest(draft))
    after = text_of(client.get(page))

    assert "The PDF was not made" in before
    assert "The PDF was not made" not in after


def test_when_the_mail_cannot_be_queued_nothing_was_sent(draft, sam, carl, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("no outbox")

    monkeypatch.setattr(OutboxMessage.objects, "create", refuse)

    job = finish(request_sending(fetch(draft), actor=sam, shown_digest=draft_digest(draft)))

    assert (job.state, job.attempts) == ("queued", 1)
    assert Quote.objects.get().state == "draft"
    assert not FrozenDocument.objects.exists()
    assert not AuditEvent.objects.filter(action="quote.sent").exists()
