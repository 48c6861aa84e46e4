"""Holds the measured volume of an engagement against the one that was stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.maillog.remarks import limits, remark
from discovery.measured import volume_of
from discovery.stated import StatedVolume, stated_volume

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from discovery.measured import Measured, Volume
    from discovery.postfix import Finding
    from engagements.models import Engagement

MONTH, DAY = "A month", "The busiest day"


def compare_volume(engagement: Engagement, *, answered: Collection[str] = ()) -> list[Finding]:
    """Logs may lack hosts and days: more than was stated is certain, less only where they hold a whole month.

    `answered` names the facts about which the questionnaire speaks: of those, what was said at intake is past.
    """
    measured, stated = volume_of(engagement), _still_standing(stated_volume(engagement), answered)
    month = measured.peak_month
    return [
        *_higher(MONTH, month, stated.month),
        *_higher(DAY, measured.peak_day, stated.peak_day),
        *_lower(measured, month, stated),
    ]


def _still_standing(stated: StatedVolume, answered: Collection[str]) -> StatedVolume:
    return StatedVolume(
        month=None if "measured_month" in answered else stated.month,
        peak_day=None if "measured_peak_day" in answered else stated.peak_day,
    )


def _higher(name: str, found: Volume | None, said: int | None) -> Iterator[Finding]:
    if found and said is not None and found.ended > said * limits()["stated_factor"]:
        words = {"measured": f"{found.ended:,}", "period": found.name, "stated": f"{said:,}"}
        yield remark("measured-volume-higher", name, **words)


def _lower(measured: Measured, month: Volume | None, stated: StatedVolume) -> Iterator[Finding]:
    if month is None or stated.month is None:
        return
    days = measured.days_in(month)
    if days >= limits()["whole_month"] and month.ended * limits()["stated_factor"] < stated.month:
        words = {"measured": f"{month.ended:,}", "period": month.name, "stated": f"{stated.month:,}"}
        yield remark("measured-volume-lower", MONTH, days=str(days), **words)
