from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import day_text
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.perform import perform
from engagements.models import Engagement
from engagements.steps import PHASES
from engagements.today import today_of
from pricing.domain.announce import announce_void
from pricing.domain.locks import lock_quote
from pricing.models import Quote


@transaction.atomic
def void_quote(quote: Quote, *, actor: User, authenticated_at: datetime | None, reason: str) -> Quote:
    """Declare an acceptance void and end its engagement, before the first planned day of work.

    Who accepted what, and the receipt, stay as they are; the customer is told the reason. An open quote is withdrawn
    instead. Raises Conflict once work has begun.
    """
    engagement = lock_engagement(quote.engagement_id)
    require(actor, Permission.VOID_QUOTE, engagement.organization)
    quote = lock_quote(quote, engagement)
    if refusal := why_not_void(quote):
        raise Conflict(refusal)
    refuse_unproved(authenticated_at, "declaring it void takes back what was agreed. Nothing was declared void.")
    if not reason.strip():
        raise DomainError("Say why: the reason is kept and told to the customer.")
    quote.voided_by, quote.voided_at, quote.end_reason = actor, timezone.now(), reason.strip()
    quote.void()
    quote.save(update_fields=["state", "voided_by", "voided_at", "end_reason"])
    record("quote.voided", subject=quote, actor=actor, reference=quote.reference, reason=reason.strip())
    quote.engagement = perform("cancel", engagement=engagement, actor=actor, note=f"{quote} is void: {reason.strip()}")
    announce_void(quote)
    return quote


def why_not_void(quote: Quote) -> str:
    """Why the acceptance has to stand; empty while it can be declared void."""
    if quote.state != Quote.State.ACCEPTED:
        return f"{quote.reference} is at “{quote.get_state_display()}”; only an accepted quote can be declared void."
    if quote.amends_id or quote.amendments.filter(state=Quote.State.ACCEPTED).exists():
        return f"{quote.reference} is part of an amended agreement: it stands. Amend it again."
    engagement = quote.engagement
    begins = engagement.schedule.filter(number=1).values_list("planned_start", flat=True).first()
    if engagement.phase != Engagement.Phase.DISCOVERY or begins is None or today_of(engagement) >= begins:
        at = f"was planned to begin on {day_text(begins)}" if begins else "has begun"
        return f"{quote.reference} stands: work on {engagement.code} {at}. {_instead(engagement)}"
    return ""


def _instead(engagement: Engagement) -> str:
    return "A lead can cancel the engagement." if engagement.phase in PHASES else "Its records stay as they are."
