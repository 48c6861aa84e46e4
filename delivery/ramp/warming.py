"""How fast new addresses may be used: a published curve, kept or walked back by what each provider puts off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from core.shares import share_text
from delivery.ramp.book import load_plan
from delivery.ramp.shares import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from delivery.ramp.judging import Figures

CURVE = Path(__file__).with_name("warm_up.yaml")
DAY = timedelta(days=1)


class Pace(StrEnum):
    """What the day after may do."""

    ON = "on"
    HOLD = "hold"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Curve:
    """`daily` is of one address at one provider; its last figure holds for every day after."""

    as_of: date
    source: str
    daily: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WarmDay:
    """`step` counts from 1. `seen` is None where no log of that day was read."""

    day: date
    step: int
    planned: int
    pace: Pace
    why: str
    seen: Figures | None = None

    @property
    def taken(self) -> int | None:
        """Recipients that the new route brought to an end or was put off with, whichever is more."""
        return max(self.seen.delivered + self.seen.failed, self.seen.deferred) if self.seen else None

    @property
    def is_above(self) -> bool:
        return self.taken is not None and self.taken > self.planned


@cache
def load_curve() -> Curve:
    told = yaml.safe_load(CURVE.read_text(encoding="utf-8"))
    return Curve(**{**told, "daily": tuple(told["daily"])})


def calendar(begins: date, today: date, *, addresses: int, seen: Mapping[date, Figures]) -> list[WarmDay]:
    """A row a day, until the curve is at its end. Only days that are over are judged; what is to come goes on."""
    daily, rows, step, day = load_curve().daily, list[WarmDay](), 1, begins
    while not rows or rows[-1].step < len(daily) or day <= today:
        found = seen.get(day)
        pace, why = judged(found) if day < today else (Pace.ON, "")
        rows.append(WarmDay(day, step, daily[step - 1] * addresses, pace, why, found))
        step = min(max(step + {Pace.ON: 1, Pace.HOLD: 0, Pace.BACK: -1}[pace], 1), len(daily))
        day += DAY
    return rows


def judged(seen: Figures | None) -> tuple[Pace, str]:
    """By the limit of deferrals in plan.yaml: beyond it the pace holds; surely beyond it, it goes one day back."""
    limit = next(each for each in load_plan().limits if each.key == "deferral")
    found = seen.counted(limit) if seen else None
    if found is None or not found[1]:
        return Pace.ON, "No figures: the plan goes on."
    share = found[0] / found[1]
    if wilson(*found)[0] > limit.most:
        return Pace.BACK, f"{share_text(share)} put off, surely more than {share_text(limit.most)}: one day back."
    if share > limit.most:
        return Pace.HOLD, f"{share_text(share)} put off, more than {share_text(limit.most)}: the pace holds."
    return Pace.ON, f"{share_text(share)} put off."


def caps(rows: Iterable[WarmDay], today: date, *, hosts: int) -> tuple[date, list[int]]:
    """From when on, and what each of the proxy's hosts lets through a day; at least one recipient."""
    ahead = [row for row in rows if row.day >= today]
    return ahead[0].day, [max(row.planned // hosts, 1) for row in ahead]


def rule_of(provider: str, pool: str, begins: date, per_day: Iterable[int]) -> str:
    """A rule of the proxy's file, as docs/proxy-split.md says it."""
    return "\n".join(
        [
            "[[split.rules]]",
            f"name = {_text(f'warm-up {provider}')}",
            f"provider = [{_text(provider)}]",
            f"pool = {_text(pool)}",
            f"per_day = [{', '.join(str(count) for count in per_day)}]",
            f"begins = {begins.isoformat()}",
        ]
    )


def _text(value: str) -> str:
    """A basic string of TOML; what it would have to escape otherwise is left out."""
    plain = "".join(letter for letter in value if letter.isprintable())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
