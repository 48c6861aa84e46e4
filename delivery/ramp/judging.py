"""Whether the new route is good enough for the next step: pass, fail, or too little is known, which never passes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from core.shares import share_text
from delivery.ramp.shares import newcombe, wilson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from delivery.ramp.book import Limit


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 (a word for a result)
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Figures:
    """Recipients of one side. `complaints` is None where nobody counts them."""

    delivered: int = 0
    failed: int = 0
    deferred: int = 0
    timed: int = 0
    slow: int = 0
    complaints: int | None = None

    def counted(self, limit: Limit) -> tuple[int, int] | None:
        """What a limit is about, and of how many; None where it is not measured."""
        ended = self.delivered + self.failed
        known: dict[str, tuple[int | None, int]] = {
            "failure": (self.failed, ended),
            "deferral": (self.deferred, max(ended, self.deferred)),
            "latency": (self.slow, self.timed),
            "complaint": (self.complaints, self.delivered),
        }
        count, of = known[limit.key]
        return None if count is None else (min(count, of), of)


@dataclass(frozen=True, slots=True)
class Judged:
    """One limit: both shares, the interval of the new one and of the difference, all as parts of 1."""

    key: str
    title: str
    outcome: Outcome
    why: str
    is_observed: bool
    new: float | None = None
    old: float | None = None
    low: float | None = None
    high: float | None = None
    apart_low: float | None = None
    apart_high: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def judge(limit: Limit, old: Figures, new: Figures) -> Judged:
    found, before = new.counted(limit), old.counted(limit)
    if found is None:
        return _unknown(limit, "Not measured yet.")
    if found[1] < limit.fewest:
        return _unknown(limit, f"{found[1]:,} recipients on the new route; {limit.fewest:,} are needed.")
    if before is None or before[1] < limit.fewest:
        return _unknown(limit, f"{before[1] if before else 0:,} recipients on Postfix; {limit.fewest:,} are needed.")
    low, high = wilson(*found)
    apart_low, apart_high = newcombe(*found, *before)
    outcome, why = _decided(limit, (low, high), (apart_low, apart_high))
    shares = {"new": found[0] / found[1], "old": before[0] / before[1]}
    return Judged(
        limit.key,
        limit.title,
        outcome,
        why,
        limit.observed,
        **shares,
        low=low,
        high=high,
        apart_low=apart_low,
        apart_high=apart_high,
    )


def _unknown(limit: Limit, why: str) -> Judged:
    return Judged(limit.key, limit.title, Outcome.INCONCLUSIVE, why, limit.observed)


def _decided(limit: Limit, share: tuple[float, float], apart: tuple[float, float]) -> tuple[Outcome, str]:
    if share[0] > limit.most:
        return Outcome.FAIL, f"Above {share_text(limit.most)}, which is the most that is allowed."
    if apart[0] > limit.above:
        return Outcome.FAIL, f"Worse than Postfix by more than {share_text(limit.above)}."
    if share[1] <= limit.most and apart[1] <= limit.above:
        return Outcome.PASS, "Within both limits."
    return Outcome.INCONCLUSIVE, "The interval reaches across a limit: more traffic has to be seen."


def together(judged: Iterable[Judged]) -> Outcome:
    """One failure fails, one doubt holds; what is only observed does neither."""
    outcomes = {each.outcome for each in judged if not each.is_observed}
    if Outcome.FAIL in outcomes:
        return Outcome.FAIL
    return Outcome.PASS if outcomes == {Outcome.PASS} else Outcome.INCONCLUSIVE
