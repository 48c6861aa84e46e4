"""The plan of a ramp, as plan.yaml writes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PLAN = Path(__file__).with_name("plan.yaml")
WHOLE = 100  # percent
FIGURES = ("delivered", "failed", "deferred", "timed", "slow")  # of each side, in recipients


@dataclass(frozen=True, slots=True)
class Limit:
    """`of` says which recipients a share is of: ended, tried, timed or delivered."""

    key: str
    title: str
    of: str
    most: float
    above: float
    fewest: int
    observed: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    key: str
    title: str
    limit: float = 0.0
    fewest: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    steps: tuple[int, ...]
    hold_hours: int
    clean_hours: int
    passes: int
    stale_minutes: int
    gap_minutes: int
    blocking_hours: int
    drill_days: int
    drill_seconds: int
    slow_after: int
    listed: int
    limits: tuple[Limit, ...]
    triggers: tuple[Trigger, ...]

    def next_after(self, share: int) -> int | None:
        """The first step above a share; None at the end."""
        return next((step for step in self.steps if step > share), None)

    def trigger(self, key: str) -> Trigger:
        """Raises KeyError."""
        for trigger in self.triggers:
            if trigger.key == key:
                return trigger
        raise KeyError(key)


@cache
def load_plan() -> Plan:
    told: dict[str, Any] = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    whole = {key: told[key] for key in Plan.__slots__ if key not in {"steps", "limits", "triggers"}}
    return Plan(
        steps=tuple(told["steps"]),
        limits=tuple(Limit(**row) for row in told["limits"]),
        triggers=tuple(Trigger(**row) for row in told["triggers"]),
        **whole,
    )
