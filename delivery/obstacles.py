"""Nothing is erased while one can still go back. Loaded by DeliveryConfig.ready()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from delivery.models import Cutover
from engagements.obstacles import register_obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import Organization


@register_obstacle
def unsigned_windows(organization: Organization) -> Iterator[str]:
    cutovers = Cutover.objects.filter(engagement__organization=organization, done_at__isnull=False)
    for cutover in cutovers.filter(closed_at=None, fallen_back_at=None).select_related("engagement").order_by("pk"):
        if cutover.window_ends and timezone.now() < cutover.window_ends:
            yield (
                f"The rollback window of {cutover.engagement.code}, cutover {cutover.number}, runs and is not signed "
                "by both sides. It has to end or be closed first."
            )
