"""The stated volume beside the measured one, and what the offer would be with the measured one. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from discovery.maillog.remarks import limits
from discovery.measured import hours_in, measured_volume
from pricing.calculation.diagnosis import BAND_LABELS
from pricing.calculation.proposal import work_out
from pricing.in_force import book_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from discovery.measured import Hours, Measured
    from pricing.calculation.facts import DataPoints
    from pricing.calculation.proposal import Proposal
    from pricing.models import Request

UNKNOWN = "unknown"
NOT_STATED = "not asked"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure; `measured` says in which period."""

    name: str
    stated: str
    measured: str


@dataclass(frozen=True, slots=True)
class Beside:
    """`would` is what the measured volume would change, as a sentence; empty when nothing."""

    rows: list[Compared]
    days: str
    would: str


def measured_beside(request: Request, reader: User) -> Beside | None:
    """None where nothing was measured."""
    measured = measured_volume(request.engagement, reader)
    if not measured.days:
        return None
    points = request.points
    return Beside(
        list(_rows(points, measured, hours_in(measured))),
        _days(measured),
        _would(points, points_as_measured(points, measured)),
    )


def points_as_measured(points: DataPoints, measured: Measured) -> DataPoints:
    """Logs may lack hosts and days: less than was stated counts only for a month that they hold whole.

    A busiest day of the logs is never the proof that no day was busier.
    """
    month, day = measured.peak_month, measured.peak_day
    if month is None or day is None:
        return points
    is_whole = measured.days_in(month) >= limits()["whole_month"]
    return replace(
        points,
        month=month.ended if is_whole else max(month.ended, points.month or 0),
        peak=max(day.ended, points.peak or 0),
    )


def _rows(points: DataPoints, measured: Measured, hours: Hours) -> Iterator[Compared]:
    if month := measured.peak_month:
        held = measured.days_in(month)
        period = f"in {month.name}, {held} day{'' if held == 1 else 's'} of it measured"
        yield Compared("A month", _figure(points.month), f"{month.ended:,} {period}")
    if day := measured.peak_day:
        yield Compared("The busiest day", _figure(points.peak), f"{day.ended:,} on {day.name}")
    if hour := hours.peak:
        yield Compared("The busiest hour", NOT_STATED, f"{hour.ended:,} from {hour.name}")


def _days(measured: Measured) -> str:
    count = len(measured.days)
    return f"{count} day{'' if count == 1 else 's'}, {measured.days[0].name} to {measured.days[-1].name}"


def _would(stated: DataPoints, measured: DataPoints) -> str:
    """Figures that differ and lead to the same offer need no sentence."""
    book = book_now()
    before, after = work_out(stated, book), work_out(measured, book)
    if not (changes := " and ".join(_changes(before, after))):
        return ""
    if stated.month != measured.month:
        return f"Measured {_figure(measured.month)} a month, stated {_figure(stated.month)}: {changes}."
    return f"Measured {_figure(measured.peak)} on the busiest day, stated {_figure(stated.peak)}: {changes}."


def _changes(before: Proposal, after: Proposal) -> Iterator[str]:
    if before.choice.tier.key != after.choice.tier.key:
        yield f"the tier would change from {before.choice.tier.label} to {after.choice.tier.label}"
    if before.diagnosis.band != after.diagnosis.band:
        yield (
            f"the verdict would change from {BAND_LABELS[before.diagnosis.band]} to {BAND_LABELS[after.diagnosis.band]}"
        )


def _figure(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"
