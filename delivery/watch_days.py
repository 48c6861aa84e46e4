"""Which days of a watch the logs hold, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.counting import counted
from core.wording import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from delivery.watch_figures import Material

DAY = timedelta(days=1)


def held_words(material: Material, of: int = 0) -> str:
    """19 whole days of 30, and nothing of Sat 14 Nov 2026 to Sun 15 Nov 2026."""
    held = counted(len(material.days), "whole day") + (f" of {of}" if of else "")
    if material.quiet:
        held += f", {counted(len(material.quiet), 'day')} without mail on weekdays that had none before"
    return f"{held}, and nothing of {spans_text(material.missing)}" if material.missing else held


def spans_text(days: Iterable[date]) -> str:
    """Days that follow each other as one span; `days` are in order."""
    spans: list[list[date]] = []
    for day in days:
        if spans and spans[-1][-1] + DAY == day:
            spans[-1].append(day)
        else:
            spans.append([day])
    return ", ".join(
        f"{day_text(span[0])} to {day_text(span[-1])}" if len(span) > 1 else day_text(span[0]) for span in spans
    )
