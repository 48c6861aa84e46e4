from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.models import Job
from core.wording import day_text
from engagements.domain.file_paper import Paper, file_paper
from engagements.domain.lock_engagement import lock_engagement
from engagements.today import today_of
from pricing.calculation.clock import end_of_day
from pricing.content import zone_of
from pricing.domain.accept_quote import refuse_closed
from pricing.domain.add_contacts import add_contacts, addressees, refuse_unless_answerable, sent_to
from pricing.domain.locks import lock_quote
from pricing.domain.next_revision import carry_terms, next_revision
from pricing.domain.request_paper import request_paper
from pricing.domain.send_quote import draw_quote
from pricing.given_terms import points_in
from pricing.in_force import book_now
from pricing.models import Quote, QuoteLine
from pricing.models.quote import revision_letter
from pricing.papers import REDATE_QUOTE, unfinished_paper

# The words of an offer that a re-dated revision takes over as they are.
_TAKEN_OVER = ("tier_key", "tier_label", "fee", "total", "calculation", "snapshot")


@dataclass(frozen=True, slots=True)
class NewDate:
    """The last day on which it holds, where the customer is, and why it is offered again."""

    last_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class PreparedRevision:
    """The next revision with its dates, and its paper as drawn; nothing of it is stored yet."""

    revision: Quote
    paper: Paper


@transaction.atomic
def request_redating(quote: Quote, *, actor: User, authenticated_at: datetime | None, new: NewDate) -> Job:
    """Have the paper with a new last day drawn by a worker, which then sends it in place of an expired quote.

    Asking again while it is drawn returns the same job and takes no proof.
    """
    engagement = lock_engagement(quote.engagement_id)
    require(actor, Permission.REDATE_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    _refuse(quote, new)
    if unfinished_paper(quote, REDATE_QUOTE) is None:
        refuse_unproved(authenticated_at, "a quote that is offered again binds the practice. Nothing was sent.")
    return request_paper(
        REDATE_QUOTE,
        subject=quote,
        actor=actor,
        action="quote.redating_asked",
        about=quote.reference,
        words={"last_day": new.last_day.isoformat(), "reason": new.reason.strip()},
    )


def prepare_redated(quote: Quote, *, actor: User, new: NewDate) -> PreparedRevision:
    """The next revision, which says the same with a later last day, and its paper. Slow, writes nothing."""
    _refuse(quote, new)
    revision = _prepare(quote, new, actor)
    return PreparedRevision(revision, draw_quote(revision))


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


@transaction.atomic
def redate_quote(quote: Quote, prepared: PreparedRevision, *, actor: User, new: NewDate) -> Quote:
    """Offer an expired quote again: keep the paper of the next revision and send it. The old one stays readable."""
    revision, paper = prepared.revision, prepared.paper
    engagement = lock_engagement(quote.engagement_id)
    require(actor, Permission.REDATE_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    _refuse(quote, new)
    quote.supersede()
    quote.save(update_fields=["state"])
    revision.engagement = engagement
    _write(quote, revision)
    revision.document = file_paper(engagement, paper, actor=actor, at=revision.sent_at or timezone.now())
    revision.send()
    revision.save()
    facts = {"until": day_text(new.last_day), "reason": new.reason.strip(), "digest": paper.rendered.digest}
    record(
        "quote.redated",
        subject=revision,
        actor=actor,
        reference=quote.reference,
        successor=revision.reference,
        **facts,
    )
    add_contacts(revision, addressees(revision), actor=actor)
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


def _refuse(quote: Quote, new: NewDate) -> None:
    """Asked when it is wanted, before it is drawn and before it is sent: it can wait in the queue over midnight."""
    refuse_closed(quote)
    _refuse_unless_expired(quote)
    _refuse_date(quote, new)
    refuse_unless_answerable(quote)


def _refuse_unless_expired(quote: Quote) -> None:
    if not quote.has_run_out:
        state = quote.get_state_display()
        raise Conflict(f"{quote.reference} is at “{state}”; only an expired quote gets a new date.")
    if not quote.amends_id and quote.engagement.request.points != points_in(quote):
        raise Conflict(f"The data points changed after {quote.reference} was sent. Revise it: the offer may differ.")


def _refuse_date(quote: Quote, new: NewDate) -> None:
    if not new.reason.strip():
        raise DomainError("Say why: the reason is kept.")
    if not today_of(quote.engagement) < new.last_day <= latest_day(quote):
        raise DomainError(f"Enter a last day after today and not after {day_text(latest_day(quote))}.")
