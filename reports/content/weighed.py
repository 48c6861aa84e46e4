"""The verdict stream by stream, beside what people marked; left out as long as nobody knows a stream's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pricing.calculation.books import book_on
from pricing.in_force import book_now
from pricing.streams import weighed_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engagements.models import Engagement
    from pricing.streams import WeighedStream
    from reports.content.settled import People


@dataclass(frozen=True, slots=True)
class StreamLine:
    """`says` is what the numbers speak for, `marked` what people decided."""

    reference: str
    name: str
    says: str
    marked: str
    numbers: str
    origin: str
    who: str


@dataclass(frozen=True, slots=True)
class WeighedContent:
    book_day: str
    label: str
    explanation: str
    marked: str
    streams: Sequence[StreamLine]


def weighed_content(engagement: Engagement, settled: Mapping[str, Any], people: People) -> WeighedContent | None:
    """By the thresholds of today, or by those of the document that is out."""
    day = (settled.get("weighed") or {}).get("book_day")
    book = book_on(date.fromisoformat(day)) if day else book_now()
    found = weighed_by(engagement, book)
    if found is None or not found.is_sized:
        return None
    return WeighedContent(
        book_day=book.day.isoformat(),
        label=found.hybrid.label,
        explanation=found.hybrid.explanation,
        marked=found.marked,
        streams=[_line(row, people) for row in found.rows],
    )


def _line(row: WeighedStream, people: People) -> StreamLine:
    return StreamLine(
        reference=row.stream.reference,
        name=row.stream.name,
        says=row.verdict.label,
        marked=row.stream.get_route_display(),
        numbers=row.verdict.numbers,
        origin=row.size.origin if row.size else "",
        who=people.name_of(row.size.changed_by) if row.size else "",
    )
