from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import require_any
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from discovery.domain.mask_words import mask_words
from discovery.models import Stream
from engagements.domain.lock_engagement import lock_living
from engagements.domain.mark_stale import mark_stale
from pricing.domain.assume_cost import ESTIMATORS, LONGEST_REASON
from pricing.models import StreamSize

if TYPE_CHECKING:
    from accounts.models import User

FACTS = ("month", "peak", "ips")


@dataclass(frozen=True, slots=True)
class Sized:
    """Numbers with where they come from, over the version that was on screen; 0 where there were none."""

    origin: str
    month: int | None = None
    peak: int | None = None
    ips: int | None = None
    version: int = 0


@transaction.atomic
def size_stream(stream: Stream, *, sized: Sized, actor: User) -> StreamSize:
    """Write down what one stream sends. Raises Conflict when somebody was first, DomainError without an origin."""
    engagement = lock_living(stream.engagement_id)
    require_any(actor, ESTIMATORS, engagement.organization)
    origin = mask_words(sized.origin.strip())
    if not origin or len(origin) > LONGEST_REASON:
        raise DomainError(f"Say where the numbers come from, in at most {LONGEST_REASON:,} characters.")
    row = _lock(stream, sized.version)
    row.month, row.peak, row.ips, row.origin = sized.month, sized.peak, sized.ips, origin
    row.version += 1
    row.changed_by, row.changed_at = actor, timezone.now()
    row.save()
    said = {name: getattr(row, name) for name in FACTS}
    record("stream.sized", subject=row, actor=actor, reference=stream.reference, name=stream.name, **said)
    mark_stale(engagement, actor=actor)
    return row


def _lock(stream: Stream, version: int) -> StreamSize:
    """The row, or one that is not saved yet. The engagement is locked, so two first ones cannot meet here."""
    stream = Stream.objects.get(pk=stream.pk)
    if stream.state == Stream.State.REMOVED:
        raise Conflict(f"{stream.reference} was removed. Bring it back first.")
    found = StreamSize.objects.filter(stream=stream).select_related("changed_by").first()
    row = found or StreamSize(stream=stream, version=0)
    if row.version == version:
        return row
    if not row.pk:
        raise Conflict(f"Nobody has sized {stream.reference} yet. Open the page again; nothing was saved.")
    raise Conflict(
        f"{row.changed_by} changed the numbers of {stream.reference} on {told(row.changed_at)}. Nothing was saved."
    )
