"""How the data points of a request came to be what they are: each time they were said, and what that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.audit import chain_of, describe
from core.components import Change, HistoryRow
from core.models import AuditEvent
from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.content import sized_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pricing.models import Request

SAID = ("request.recorded", "request.received", "request.received_again", "request.changed")
SHAPE = ("month", "peak", "ips", "pools", "streams", "tenants", "domains")


def corrections_of(request: Request) -> list[HistoryRow]:
    """Latest first; each with the data points that it changed."""
    events = AuditEvent.objects.filter(
        chain=chain_of(request), subject_type=request._meta.label, subject_id=str(request.pk), action__in=SAID
    )
    rows, before = [], sized_on(DataPoints())
    for event in events.order_by("sequence"):
        after = sized_on(_points_in(event.data))
        rows.append(HistoryRow(event.at, describe(event), changes=tuple(_changes(before, after))))
        before = after
    return rows[::-1]


def _points_in(data: dict[str, Any]) -> DataPoints:
    shape: dict[str, Any] = {fact: data.get(fact) for fact in SHAPE}
    team = data.get("team")
    parts = CustomComponents(*data.get("components") or [None] * 4)
    return DataPoints(**shape, components=parts, team=Team(team) if team else None)


def _changes(before: list[dict[str, str]], after: list[dict[str, str]]) -> Iterator[Change]:
    for old, new in zip(before, after, strict=True):
        if old != new:
            yield Change(new["term"], old["value"], new["value"])
