"""Takes the totals that a proxy posts with the token of its line. The newest of each host is kept."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.errors import DomainError
from delivery.domain.proxy_line import token_of
from delivery.models import ProxyCount, ProxyLine

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_HOSTS = 64
MOST_AHEAD = timedelta(hours=1)


def line_named(code: str, token: str) -> ProxyLine | None:
    """The line of an engagement, for who knows its token; None for everybody else, and where it cannot be read."""
    line = ProxyLine.objects.filter(engagement__code=code).first()
    try:
        is_known = line is not None and hmac.compare_digest(token_of(line).encode(), token.encode("utf-8", "replace"))
    except DomainError:  # strangers are not told that there is such a line
        return None
    return line if is_known else None


@transaction.atomic
def take_count(line: ProxyLine, *, host_name: str, at: float, figures: Mapping[str, float]) -> ProxyCount:
    """Totals that are older than those known change nothing.

    Raises DomainError beyond so many hosts, and for a moment to come: nothing that is told later would replace it.
    """
    if at > (timezone.now() + MOST_AHEAD).timestamp():
        raise DomainError(
            f"The clock of {host_name} is more than an hour ahead. Nothing was kept: set it, and its totals are taken."
        )
    counts = ProxyCount.objects.filter(engagement=line.engagement_id)
    counted_at = datetime.fromtimestamp(at, UTC)
    told = {"figures": dict(figures), "counted_at": counted_at, "told_at": timezone.now()}
    known = counts.select_for_update().filter(host_name=host_name).first()
    if known is None:
        if counts.count() >= MOST_HOSTS:
            raise DomainError(f"{MOST_HOSTS} hosts are known already. Nothing of {host_name} was kept.")
        ProxyCount.objects.bulk_create(
            [ProxyCount(engagement_id=line.engagement_id, host_name=host_name, **told)], ignore_conflicts=True
        )
        return counts.get(host_name=host_name)
    if known.counted_at <= counted_at:
        for name, value in told.items():
            setattr(known, name, value)
        known.save(update_fields=list(told))
    return known
