from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, allowed_any, require_any
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from discovery.domain.mask_words import mask_words
from engagements.domain.lock_engagement import lock_living
from engagements.domain.mark_stale import mark_stale
from pricing.calculation.totals import to_cents
from pricing.in_force import book_now
from pricing.models import CostAssumption

if TYPE_CHECKING:
    from decimal import Decimal

    from accounts.models import User
    from engagements.models import Engagement
    from pricing.calculation.books import Assumption

LONGEST_REASON = 2000
ESTIMATORS = (Permission.ANSWER_TASK, Permission.WORK_TASK, Permission.EDIT_REQUEST)


@dataclass(frozen=True, slots=True)
class Assumed:
    """A number with its reason, over the version that was on screen; 0 where the book's stood there."""

    value: Decimal
    reason: str
    version: int = 0


@transaction.atomic
def assume_cost(engagement: Engagement, *, key: str, assumed: Assumed, actor: User) -> CostAssumption:
    """Replace one assumption of the running costs for this engagement. The ledger keeps what it was.

    Raises DomainError outside the bounds of the book, Conflict when somebody was first.
    """
    engagement = lock_living(engagement.pk)
    require_any(actor, ESTIMATORS, engagement.organization)
    known, assumed = _known(key), replace(assumed, reason=mask_words(assumed.reason.strip()))
    _refuse(known, assumed)
    stored = CostAssumption.objects.filter(engagement=engagement, key=key).select_related("changed_by").first()
    row = stored or CostAssumption(engagement=engagement, key=key, version=0)
    if row.version != assumed.version:
        raise Conflict(_who_changed(row, known))
    before = row.value if stored else known.value
    row.value, row.reason = to_cents(assumed.value), assumed.reason
    row.version += 1
    row.changed_by, row.changed_at = actor, timezone.now()
    row.save()
    said = {"before": f"{before:f}", "after": f"{row.value:f}", "unit": known.unit, "reason": row.reason}
    record("cost.assumed", subject=row, actor=actor, label=known.label, **said)
    mark_stale(engagement, actor=actor)
    return row


def may_estimate(user: User, engagement: Engagement) -> bool:
    """Both sides may: the practice's people with the quote in hand, and the customer's who answer tasks."""
    return allowed_any(user, ESTIMATORS, engagement.organization)


def _known(key: str) -> Assumption:
    found = next((each for each in book_now().assumptions if each.key == key), None)
    if found is None:
        raise DomainError(f"The running costs do not rest on “{key[:40]}”.")
    return found


def _refuse(known: Assumption, assumed: Assumed) -> None:
    if not assumed.value.is_finite() or not known.least <= assumed.value <= known.most:
        raise DomainError(f"{known.label}: enter a number from {known.least:,f} to {known.most:,f}.")
    if not assumed.reason:
        raise DomainError("Say where the number comes from: the plan prints it.")
    if len(assumed.reason) > LONGEST_REASON:
        raise DomainError(f"A reason has at most {LONGEST_REASON:,} characters.")


def _who_changed(row: CostAssumption, known: Assumption) -> str:
    if not row.pk:
        return f"“{known.label}” stands as the book has it. Open the page again; nothing was saved."
    return (
        f"{row.changed_by} changed “{known.label}” on {told(row.changed_at)}: it is {row.value:,f} now. "
        "Nothing was saved."
    )
