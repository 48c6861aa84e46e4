from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import digest_of, record
from core.documents import render_sealed
from core.errors import Conflict, DomainError
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import FrozenDocument
from pricing.calculation.clock import end_of_day
from pricing.content import zone_of
from pricing.domain.accept_quote import refuse_closed
from pricing.domain.add_contacts import add_contacts, addressees, refuse_unless_answerable, sent_to
from pricing.domain.draft_quote import refuse_phase
from pricing.domain.file_paper import Paper, file_paper
from pricing.domain.locks import lock_quote
from pricing.domain.stop_clock import stop_clock
from pricing.given_terms import is_behind, unsettled
from pricing.in_force import book_at
from pricing.models import Quote
from pricing.revisions import quote_snapshot


def send_quote(quote: Quote, *, actor: User, shown_digest: str) -> Quote:
    """Freeze the draft as a PDF and put it before the customer; stops the clock.

    `shown_digest` is the `draft_digest()` of what was reviewed. The PDF is drawn before the transaction begins. Raises
    Conflict when the draft changed after it was reviewed.
    """
    organization = quote.engagement.organization
    require(actor, Permission.SEND_QUOTE, organization)
    if quote.state != Quote.State.DRAFT:
        raise Conflict(f"{quote.reference} is at “{quote.get_state_display()}”; only a draft can be sent.")
    refuse_closed(quote)
    refuse_phase(quote)
    refuse_behind(quote)
    refuse_unsettled(quote)
    refuse_unless_answerable(quote)
    quote.sent_at, quote.sent_by = timezone.now(), actor
    days = book_at(quote.sent_at).thresholds["valid_days"]
    last_day = quote.sent_at.astimezone(zone_of(organization)).date() + timedelta(days=days)
    quote.valid_until = end_of_day(last_day, zone_of(organization))
    content = quote_snapshot(quote)
    rendered = render_sealed("quote", content)
    title = f"Quote {quote.reference}"
    paper = Paper(FrozenDocument.Kind.QUOTE, quote.number, quote.revision, title, content, rendered)
    return _put_before_customer(quote, paper, actor=actor, shown_digest=shown_digest)


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


@transaction.atomic
def _put_before_customer(prepared: Quote, paper: Paper, *, actor: User, shown_digest: str) -> Quote:
    engagement = lock_engagement(prepared.engagement_id)
    quote = lock_quote(prepared, engagement)
    if quote.state != Quote.State.DRAFT or {draft_digest(quote), draft_digest(prepared)} != {shown_digest}:
        raise Conflict(f"{quote.reference} changed after you reviewed it. Nothing was sent; review it again.")
    refuse_closed(quote)
    refuse_phase(quote)
    refuse_behind(quote)
    refuse_unsettled(quote)
    for field in ("sent_at", "sent_by", "valid_until"):
        setattr(quote, field, getattr(prepared, field))
    found = addressees(quote)
    quote.sent_to = sent_to(found)
    quote.document = file_paper(engagement, paper, actor=actor, at=prepared.sent_at or timezone.now())
    quote.send()
    quote.save()
    stop_clock(engagement.request, actor=actor, at=prepared.sent_at or timezone.now())
    facts = {key: paper.content[key] for key in ("reference", "total", "valid_until")}
    record("quote.sent", subject=quote, actor=actor, to=quote.sent_to, digest=paper.rendered.digest, **facts)
    add_contacts(quote, found, actor=actor)
    return quote
