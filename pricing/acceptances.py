"""When a quote was accepted, for whoever verifies its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engagements.verification import register_signatures
from pricing.models import Quote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engagements.models import FrozenDocument


@register_signatures
def acceptances(document: FrozenDocument) -> Iterable[datetime]:
    accepted = Quote.objects.filter(document=document, accepted_at__isnull=False)
    moments: Iterable[datetime] = accepted.values_list("accepted_at", flat=True)
    return moments
