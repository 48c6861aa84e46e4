from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.domain.take_number import take_number
from core.errors import Conflict, DomainError
from core.wording import amount_text, told
from engagements.domain.keep_evidence import keep_origin
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.make_schedule import make_schedule
from engagements.domain.mark_stale import mark_stale
from engagements.domain.perform import perform
from engagements.models import Engagement
from engagements.schedule import PlannedPhase
from pricing.calculation.books import Tier, book_on
from pricing.calculation.plan import first_monday, plan_of
from pricing.content import zone_of
from pricing.domain.announce import announce_acceptance
from pricing.domain.locks import lock_quote
from pricing.models import Quote

_AT_REST: dict[str, str] = {
    Engagement.Phase.CANCELLED: "cancelled this engagement",
    Engagement.Phase.ON_HOLD: "put this engagement on hold",
}


@dataclass(frozen=True, slots=True)
class Consent:
    """What the acceptor declared and saw. `shown_digest` is the SHA-256 of the quote's PDF that was on screen."""

    text: str
    version: str
    shown_digest: str
    po_number: str = ""


@transaction.atomic
def accept_quote(quote: Quote, *, actor: User, authenticated_at: datetime | None, consent: Consent) -> Quote:
    """Accept, plan the phases and start discovery. The same person's second click returns the first acceptance.

    Raises Refused without the duty, Conflict when somebody else was first or the text was replaced, DomainError when
    the quote is no longer open or the proof of who accepts is too old. In each case nothing was changed.
    """
    engagement = lock_engagement(quote.engagement_id)
    quote = lock_quote(quote, engagement)
    require(actor, Permission.ACCEPT_QUOTE, engagement.organization)
    if quote.state == Quote.State.ACCEPTED and quote.accepted_by_id == actor.pk:
        return quote
    refuse_unless_open(quote)
    refuse_closed(quote)
    refuse_unproved(authenticated_at, "an acceptance binds your organization. Nothing was accepted.")
    _refuse_other_text(quote, consent)
    _write(quote, actor, consent)
    _hand_over(quote, actor)
    announce_acceptance(quote)
    return quote


def refuse_unless_open(quote: Quote) -> None:
    """Raise with who and when unless the quote can be answered now."""
    if quote.state == Quote.State.ACCEPTED and quote.accepted_at:
        raise Conflict(f"{quote.accepted_by} accepted {quote.reference} on {told(quote.accepted_at)}.")
    if quote.state == Quote.State.DECLINED and quote.declined_at:
        raise Conflict(f"{quote.declined_by} declined {quote.reference} on {told(quote.declined_at)}.")
    if quote.state == Quote.State.SUPERSEDED:
        raise Conflict(f"A newer revision replaced {quote.reference}. Nothing was changed.")
    if quote.valid_until and quote.is_expired:
        raise DomainError(
            f"{quote.reference} expired on {told(quote.valid_until)}. Ask for a new one; the data points are kept."
        )
    if quote.state != Quote.State.SENT:
        raise DomainError(f"{quote.reference} is at “{quote.get_state_display()}”; only an open quote can be answered.")


def refuse_closed(quote: Quote) -> None:
    """Raise with who and why when the engagement lets nobody answer: the quote can only be taken back."""
    if closed := why_closed(quote):
        raise Conflict(closed)


def why_closed(quote: Quote) -> str:
    """Why nobody can answer, although the quote itself may be open; empty while somebody can.

    The engagement was cancelled or is held; or its plan is signed, and what would amend the fee comes too late.
    """
    engagement = quote.engagement
    if did := _AT_REST.get(engagement.phase):
        last = engagement.transitions.filter(after=engagement.phase).select_related("actor").latest("pk")
        return f"{last.actor} {did} on {told(last.at)}: {last.note}"
    if quote.amends_id and engagement.phase != Engagement.Phase.DISCOVERY:
        return f"{engagement.code} is at “{engagement.get_phase_display()}”: what was agreed before holds."
    return ""


def _refuse_other_text(quote: Quote, consent: Consent) -> None:
    if quote.document is None or consent.shown_digest != quote.document.digest:
        raise Conflict("The text you were reading is not this quote's. Nothing was accepted; read it again.")
    if not consent.text.strip():
        raise DomainError("Confirm that you may accept this quote.")


def _write(quote: Quote, actor: User, consent: Consent) -> None:
    now = timezone.now()
    quote.accepted_by, quote.accepted_at, quote.acceptor_label = actor, now, actor.full_label
    quote.accepted_digest, quote.po_number = consent.shown_digest, consent.po_number.strip()
    quote.consent_text, quote.consent_version = consent.text, consent.version
    quote.receipt = f"A-{now.year}-{take_number(f'acceptance-{now.year}'):04d}"
    keep_origin(quote)
    quote.accept()
    quote.save()
    record(
        "quote.accepted",
        subject=quote,
        actor=actor,
        reference=quote.reference,
        total=amount_text(quote.total),
        receipt=quote.receipt,
        po_number=quote.po_number,
        consent=asdict(consent),
    )


def _hand_over(quote: Quote, actor: User) -> None:
    """What was agreed goes to the engagement: tier, fee and dates; the first agreement also starts phase 1."""
    engagement = quote.engagement
    book = book_on(date.fromisoformat(quote.snapshot["book_day"]))
    engagement.tier_key, engagement.tier_label, engagement.fee = quote.tier_key, quote.tier_label, quote.total
    engagement.save(update_fields=["tier_key", "tier_label", "fee", "fee_currency"])
    make_schedule(engagement, phases=planned_phases(book.tier(quote.tier_key), _start(quote)), actor=actor)
    if quote.amends_id:
        mark_stale(engagement, actor=actor)
    else:
        quote.engagement = perform("start_discovery", engagement=engagement, actor=actor)


def _start(quote: Quote) -> date:
    """The first Monday after the acceptance; an amended agreement keeps the start it had."""
    planned = quote.engagement.schedule.filter(number=1).values_list("planned_start", flat=True).first()
    if quote.amends_id and planned:
        return planned
    return first_monday(timezone.now().astimezone(zone_of(quote.engagement.organization)).date())


def planned_phases(tier: Tier, start: date) -> list[PlannedPhase]:
    """The tier's default plan, as the spine keeps it."""
    return [PlannedPhase(one.number, one.start, one.end, one.minimum_weeks) for one in plan_of(tier, start)]
