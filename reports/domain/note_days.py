from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from delivery.domain.person_words import words_of
from engagements.domain.lock_engagement import lock_engagement
from reports.models import DaysSpent

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

MOST_DAYS = Decimal(400)
HALF = Decimal("0.5")


@transaction.atomic
def note_days(engagement: Engagement, *, phase: int, days: Decimal, note: str, actor: User) -> DaysSpent:
    """Half days, in any state of the engagement. Below zero takes some back, never more than were noted."""
    engagement = lock_engagement(engagement.pk)
    require(actor, Permission.NOTE_DAYS, engagement.organization)
    if not 1 <= phase <= engagement.last_phase:
        raise DomainError(f"Phase {phase} is not part of what was agreed.")
    if not days or days % HALF or abs(days) > MOST_DAYS:
        raise DomainError(f"Enter days in halves, up to {MOST_DAYS}, such as 2.5. Below zero takes some back.")
    if days_noted(engagement, phase) + days < 0:
        raise DomainError("More would be taken back than was noted for this phase. Nothing was saved.")
    words = words_of(note, "Say on what they were spent, or why some are taken back.")
    by = {"noted_at": timezone.now(), "noted_by": actor}
    noted = DaysSpent.objects.create(engagement=engagement, phase=phase, days=days, note=words, **by)
    record("days.noted", subject=noted, actor=actor, days=str(days), phase=phase, note=words)
    return noted


def days_noted(engagement: Engagement, phase: int) -> Decimal:
    rows = DaysSpent.objects.filter(engagement=engagement, phase=phase)
    return rows.aggregate(total=Sum("days"))["total"] or Decimal(0)
