from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.documents import render_sealed
from core.errors import Conflict, DomainError
from core.wording import day_text
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import FrozenDocument
from engagements.today import today_of
from pricing.calculation.clock import end_of_day
from pricing.content import zone_of
from pricing.domain.accept_quote import refuse_closed
from pricing.domain.add_contacts import add_contacts, addressees, refuse_unless_answerable, sent_to
from pricing.domain.file_paper import Paper, file_paper
from pricing.domain.locks import lock_quote
from pricing.domain.next_revision import carry_terms, next_revision
from pricing.given_terms import points_in
from pricing.in_force import book_now
from pricing.models import Quote, QuoteLine
from pricing.models.quote import revision_letter
from pricing.revisions import quote_snapshot

# The words of an offer that a re-dated revision takes over as they are.
_TAKEN_OVER = ("tier_key", "tier_label", "fee", "total", "calculation", "snapshot")


@dataclass(frozen=True, slots=True)
class NewDate:
    """The last day on which it holds, where the customer is, and why it is offered again."""

    last_day: date
    reason: str


def redate_quote(quote: Quote, *, actor: User, new: NewDate) -> Quote:
    """Offer an expired quote again: the next revision says the same with a later last day, and is sent at once.

    The last day is printed, so the paper is a new one; the old one stays readable. Drawn before the transaction begins.
    """
    organization = quote.engagement.organization
    require(actor, Permission.REDATE_QUOTE, organization)
    _refuse(quote)
    _refuse_date(quote, new)
    refuse_unless_answerable(quote)
    revision = _prepare(quote, new, actor)
    content = quote_snapshot(revision)
    rendered = render_sealed("quote", content)
    title = f"Quote {revision.reference}"
    paper = Paper(FrozenDocument.Kind.QUOTE, revision.number, revision.revision, title, content, rendered)
    with transaction.atomic():
        return _put_out(quote, revision, paper, new)


def latest_day(quote: Quote) -> date:
    """The last day that may be given today: as long as a new quote would hold."""
    return today_of(quote.engagement) + timedelta(days=book_now().thresholds["valid_days"])


def _prepare(quote: Quote, new: NewDate, actor: User) -> Quote:
    organization = quote.engagement.organization
    revision = next_revision(quote, actor=actor)
    revision.reference = f"{revision.number}-{revision_letter(revision.revision)}"
    for field in _TAKEN_OVER:
        setattr(revision, field, getattr(quote, field))
    revision.sent_at, revision.sent_by = timezone.now(), actor
    revision.sent_to = sent_to(addressees(revision))
    revision.valid_until = end_of_day(new.last_day, zone_of(organization))
    return revision


def _put_out(quote: Quote, revision: Quote, paper: Paper, new: NewDate) -> Quote:
    engagement = lock_engagement(quote.engagement_id)
    # What somebody may is read once for each object of a person, and that was before the paper was drawn.
    require(User.objects.get(pk=revision.created_by_id), Permission.REDATE_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    _refuse(quote)
    quote.supersede()
    quote.save(update_fields=["state"])
    sent_by = revision.created_by
    revision.engagement = engagement
    _write(quote, revision)
    revision.document = file_paper(engagement, paper, actor=sent_by, at=revision.sent_at or timezone.now())
    revision.send()
    revision.save()
    facts = {"until": day_text(new.last_day), "reason": new.reason.strip(), "digest": paper.rendered.digest}
    record(
        "quote.redated",
        subject=revision,
        actor=sent_by,
        reference=quote.reference,
        successor=revision.reference,
        **facts,
    )
    add_contacts(revision, addressees(revision), actor=sent_by)
    return revision


def _write(quote: Quote, revision: Quote) -> None:
    """As a draft first: the lines and terms of what was sent are closed."""
    dated = revision.sent_at, revision.sent_by, revision.valid_until
    revision.sent_at = revision.sent_by = revision.valid_until = None
    revision.save(force_insert=True)
    revision.sent_at, revision.sent_by, revision.valid_until = dated
    carry_terms(quote, revision)
    lines = list(quote.lines.all())
    for line in lines:
        line.pk, line.quote = None, revision
    QuoteLine.objects.bulk_create(lines)


def _refuse(quote: Quote) -> None:
    refuse_closed(quote)
    is_expired = quote.state == Quote.State.EXPIRED or (quote.state == Quote.State.SENT and quote.is_expired)
    if not is_expired:
        state = quote.get_state_display()
        raise Conflict(f"{quote.reference} is at “{state}”; only an expired quote gets a new date.")
    if not quote.amends_id and quote.engagement.request.points != points_in(quote):
        raise Conflict(f"The data points changed after {quote.reference} was sent. Revise it: the offer may differ.")


def _refuse_date(quote: Quote, new: NewDate) -> None:
    if not new.reason.strip():
        raise DomainError("Say why: the reason is kept.")
    if not today_of(quote.engagement) < new.last_day <= latest_day(quote):
        raise DomainError(f"Enter a last day after today and not after {day_text(latest_day(quote))}.")
