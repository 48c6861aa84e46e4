"""Whether a figure has moved: steady, drifted, or too little is known, which is never steady."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.shares import share_text
from delivery.ramp.shares import newcombe, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from delivery.watch.book import Rule


class Mark(StrEnum):
    STEADY = "steady"
    DRIFTED = "drifted"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Counts:
    """`count` of `of` now. `before` is the share of the baseline, of `of_before`; None where there is none."""

    count: int
    of: int
    before: float | None = None
    of_before: int = 0

    @property
    def now(self) -> float | None:
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Seen:
    """A figure over some days, and what it comes to."""

    mark: Mark
    why: str
    counts: Counts | None = None


def judge(rule: Rule, counts: Counts | None, *, above: float | None = None) -> Seen:
    """`above` takes the place of the rule's, where what is allowed depends on the time. None is not measured."""
    if counts is None:
        return Seen(Mark.INCONCLUSIVE, "Not measured: nobody hands this over.")
    if counts.of < rule.fewest:
        return Seen(Mark.INCONCLUSIVE, f"{counts.of:,} {rule.unit}; {rule.fewest:,} are needed.", counts)
    low, high = wilson(counts.count, counts.of)
    if rule.most is not None and low > rule.most:
        return Seen(Mark.DRIFTED, f"Surely above {share_text(rule.most)}, the most that is allowed.", counts)
    apart = above if above is not None else rule.above
    if apart is not None:
        return _compared(rule, counts, apart, is_within=rule.most is None or high <= rule.most)
    if high <= (rule.most or 0.0):
        return Seen(Mark.STEADY, f"Below {share_text(rule.most or 0.0)}.", counts)
    return Seen(Mark.INCONCLUSIVE, _reaches(rule), counts)


def _compared(rule: Rule, counts: Counts, apart: float, *, is_within: bool) -> Seen:
    if counts.before is None or counts.of_before < rule.fewest:
        sentence = f"The baseline holds {counts.of_before:,} {rule.unit} to compare with; {rule.fewest:,} are needed."
        return Seen(Mark.INCONCLUSIVE, sentence, counts)
    low, high = newcombe(counts.count, counts.of, round(counts.before * counts.of_before), counts.of_before)
    if low > apart:
        return Seen(Mark.DRIFTED, f"Surely worse than the baseline by more than {share_text(apart)}.", counts)
    if high <= apart and is_within:
        return Seen(Mark.STEADY, f"Not worse than the baseline by more than {share_text(apart)}.", counts)
    return Seen(Mark.INCONCLUSIVE, _reaches(rule), counts)


def _reaches(rule: Rule) -> str:
    return f"The interval reaches across a limit: more {rule.unit} have to be seen."


def is_crossed(rule: Rule, days: Sequence[Counts | None], whole: Counts | None) -> bool:
    """Over the rule's own span: `days` are the last whole days one by one, `whole` all of them added up."""
    if not rule.each:
        return judge(rule, whole).mark is Mark.DRIFTED
    return len(days) == rule.days and all(judge(rule, day).mark is Mark.DRIFTED for day in days)
