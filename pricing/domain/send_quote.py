from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import digest_of, record
from core.documents import render_sealed
from core.errors import Conflict, DomainError
from core.models import Job
from engagements.domain.file_paper import Paper, file_paper
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import FrozenDocument
from pricing.calculation.clock import end_of_day
from pricing.content import zone_of
from pricing.domain.accept_quote import refuse_closed
from pricing.domain.add_contacts import add_contacts, addressees, refuse_unless_answerable, sent_to
from pricing.domain.draft_quote import refuse_phase
from pricing.domain.locks import lock_quote
from pricing.domain.request_paper import request_paper
from pricing.domain.stop_clock import stop_clock
from pricing.given_terms import is_behind, unsettled
from pricing.in_force import book_at
from pricing.models import Quote
from pricing.papers import SEND_QUOTE, unfinished_paper
from pricing.revisions import quote_snapshot


@dataclass(frozen=True, slots=True)
class PreparedQuote:
    """A quote with its dates, and its paper as drawn; nothing of it is stored yet."""

    quote: Quote
    paper: Paper


@transaction.atomic
def request_sending(quote: Quote, *, actor: User, authenticated_at: datetime | None, shown_digest: str) -> Job:
    """Have the paper of a draft drawn by a worker, which then puts it before the customer.

    `shown_digest` is the `draft_digest()` of what was reviewed: exactly that goes out, or nothing. Asking again while
    it is drawn returns the same job and takes no proof. Raises Conflict when the draft changed after it was reviewed.
    """
    engagement = lock_engagement(quote.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    _refuse_unsendable(quote)
    _refuse_other_draft(quote, shown_digest)
    if unfinished_paper(quote, SEND_QUOTE) is None:
        refuse_unproved(authenticated_at, "a quote that is sent binds the practice. Nothing was sent.")
    return request_paper(
        SEND_QUOTE,
        subject=quote,
        actor=actor,
        action="quote.sending_asked",
        about=quote.reference,
        words={"shown_digest": shown_digest},
    )


def prepare_quote(quote: Quote, *, actor: User) -> PreparedQuote:
    """Date the draft and draw its paper. Slow, writes nothing."""
    _refuse_unsendable(quote)
    organization = quote.engagement.organization
    quote.sent_at, quote.sent_by = timezone.now(), actor
    days = book_at(quote.sent_at).thresholds["valid_days"]
    last_day = quote.sent_at.astimezone(zone_of(organization)).date() + timedelta(days=days)
    quote.valid_until = end_of_day(last_day, zone_of(organization))
    return PreparedQuote(quote, draw_quote(quote))


def draw_quote(quote: Quote) -> Paper:
    """The paper of a quote that has its dates."""
    content = quote_snapshot(quote)
    rendered = render_sealed(FrozenDocument.Kind.QUOTE, content)
    title = f"Quote {quote.reference}"
    return Paper(FrozenDocument.Kind.QUOTE, quote.number, quote.revision, title, content, rendered)


@transaction.atomic
def send_quote(prepared: PreparedQuote, *, actor: User, shown_digest: str) -> Quote:
    """Keep the drawn paper and put it before the customer; stops the clock.

    Raises Conflict when the draft is not what was reviewed any more.
    """
    dated, paper = prepared.quote, prepared.paper
    engagement = lock_engagement(dated.engagement_id)
    require(actor, Permission.SEND_QUOTE, engagement.organization)
    quote = lock_quote(dated, engagement)
    _refuse_other_draft(quote, shown_digest)
    _refuse_other_draft(dated, shown_digest)
    _refuse_unsendable(quote)
    for field in ("sent_at", "sent_by", "valid_until"):
        setattr(quote, field, getattr(dated, field))
    found = addressees(quote)
    quote.sent_to = sent_to(found)
    quote.document = file_paper(engagement, paper, actor=actor, at=dated.sent_at or timezone.now())
    quote.send()
    quote.save()
    stop_clock(engagement.request, actor=actor, at=dated.sent_at or timezone.now())
    facts = {key: paper.content[key] for key in ("reference", "total", "valid_until")}
    record("quote.sent", subject=quote, actor=actor, to=quote.sent_to, digest=paper.rendered.digest, **facts)
    add_contacts(quote, found, actor=actor)
    return quote


def _refuse_unsendable(quote: Quote) -> None:
    if quote.state != Quote.State.DRAFT:
        raise Conflict(f"{quote.reference} is at “{quote.get_state_display()}”; only a draft can be sent.")
    refuse_closed(quote)
    refuse_phase(quote)
    refuse_behind(quote)
    refuse_unsettled(quote)
    refuse_unless_answerable(quote)


def _refuse_other_draft(quote: Quote, shown_digest: str) -> None:
    if quote.state != Quote.State.DRAFT or draft_digest(quote) != shown_digest:
        raise Conflict(f"{quote.reference} changed after you reviewed it. Nothing was sent; review it again.")


def refuse_behind(quote: Quote) -> None:
    """A draft goes out with the numbers of the request, or not at all."""
    if is_behind(quote):
        raise Conflict(
            f"The data points changed after this draft of {quote.reference} was made: bring it up to date first."
        )


def refuse_unsettled(quote: Quote) -> None:
    """Raise with everything that still waits for a second person."""
    if waiting := unsettled(quote):
        raise DomainError(*waiting)


def draft_digest(quote: Quote) -> str:
    """Names the offer as it is drafted now."""
    return digest_of(quote.snapshot)
