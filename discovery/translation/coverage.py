"""How much of an estate carries over to a target, by construct and by line, and what the rest costs in person-days.

Coverage is (N + R) of all that is not dropped; what is not classified counts as not covered. `estimate.yaml` holds
the band that is usual, the units and the levels.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from discovery.translation.constructs import Classified
from discovery.translation.treatments import CUSTOM, DROPPED, GAP, NATIVE, REWRITE

UNCLASSIFIED = "not classified"
COVERED = (NATIVE, REWRITE)
COUNTED = (NATIVE, REWRITE, CUSTOM, GAP, DROPPED, UNCLASSIFIED)
LOWER, HIGHER = "lower than usual", "higher than usual"


@dataclass(frozen=True, slots=True)
class Estimate:
    """The published numbers; see estimate.yaml."""

    usual: tuple[int, int]
    units_in_a_day: int
    first: Mapping[str, int]
    again: Mapping[str, int]
    most_days_of_b: int
    hardest_below: int
    letters: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """Each letter and number of a level, and what it means."""
        meanings = [*self.letters.items(), *self.numbers.items()]
        return [
            (str(mark), text.format(days=self.most_days_of_b, percent=self.hardest_below)) for mark, text in meanings
        ]

    def meaning_of(self, level: str) -> str:
        """Both halves of a level such as B3, in words."""
        return " ".join(text for mark, text in self.marks if mark in level)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of each class, "not classified" among them."""

    counts: Mapping[str, int]

    @property
    def all(self) -> int:
        """Everything that is not dropped."""
        return sum(self.counts.values()) - self.counts[DROPPED]

    @property
    def covered(self) -> int:
        return sum(self.counts[letter] for letter in COVERED)

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all; None where there is nothing to cover."""
        return self.covered * 100 // self.all if self.all else None

    def as_json(self) -> dict[str, Any]:
        return {"counts": dict(self.counts), "covered": self.covered, "all": self.all, "percent": self.percent}


@dataclass(frozen=True, slots=True)
class Coverage:
    """One target: counted by construct and by line, with the effort of all of it. `level` is like B3."""

    target: str
    constructs: Tally
    lines: Tally
    usual: str
    units: int
    person_days: float
    level: str

    @property
    def is_blocked(self) -> bool:
        """Whether something is not classified, which no plan may leave open."""
        return bool(self.constructs.counts[UNCLASSIFIED])

    def as_json(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "constructs": self.constructs.as_json(),
            "lines": self.lines.as_json(),
            "usual": self.usual,
            "units": self.units,
            "person_days": self.person_days,
            "level": self.level,
        }


@cache
def load_estimate() -> Estimate:
    written = yaml.safe_load((Path(__file__).parent / "estimate.yaml").read_text(encoding="utf-8"))
    usual = written.pop("usual_coverage")
    first, again = MappingProxyType(written.pop("first")), MappingProxyType(written.pop("again"))
    return Estimate(usual=(usual["from"], usual["to"]), first=first, again=again, **written)


def measure(classified: Sequence[Classified], target: str, estimate: Estimate) -> Coverage:
    """What an estate amounts to on one target."""
    constructs = tally((letter_of(each, target), 1) for each in classified)
    lines = tally((letter_of(each, target), each.construct.lines) for each in classified)
    units = units_of(classified, target, estimate)
    days = days_of(units, estimate)
    return Coverage(
        target=target,
        constructs=constructs,
        lines=lines,
        usual=compared(constructs.percent, estimate),
        units=units,
        person_days=days,
        level=level_of(constructs, days, estimate),
    )


def letter_of(classified: Classified, target: str) -> str:
    return classified.treatments[target].letter if classified.is_classified else UNCLASSIFIED


def tally(letters: Iterable[tuple[str, int]]) -> Tally:
    counts: Counter[str] = Counter()
    for letter, weight in letters:
        counts[letter] += weight
    return Tally(MappingProxyType({letter: counts[letter] for letter in COUNTED}))


def units_of(classified: Iterable[Classified], target: str, estimate: Estimate) -> int:
    """The first construct of an entry and class costs more than those after it, or what its override says."""
    said = ((each.entry, each.treatments[target]) for each in classified if each.is_classified)
    uses = Counter((entry, treatment.letter, treatment.units) for entry, treatment in said)
    return sum(
        (estimate.first[letter] if units is None else units) + (count - 1) * estimate.again[letter]
        for (_, letter, units), count in uses.items()
        if letter != DROPPED
    )


def days_of(units: int, estimate: Estimate) -> float:
    """Half person-days, rounded up."""
    return ceil(units * 2 / estimate.units_in_a_day) / 2


def compared(percent: int | None, estimate: Estimate) -> str:
    """Words for a coverage outside the usual band, or an empty string."""
    if percent is None:
        return ""
    lowest, highest = estimate.usual
    return LOWER if percent < lowest else HIGHER if percent > highest else ""


def level_of(tally: Tally, days: float, estimate: Estimate) -> str:
    """A letter for how much and a number for how hard."""
    needs_work = tally.counts[CUSTOM] or tally.counts[GAP] or tally.counts[UNCLASSIFIED]
    if days > estimate.most_days_of_b:
        return f"C{difficulty_of(tally, estimate)}"
    return f"{'B' if needs_work else 'A'}{difficulty_of(tally, estimate)}"


def difficulty_of(tally: Tally, estimate: Estimate) -> int:
    if tally.counts[GAP] or tally.counts[UNCLASSIFIED]:
        return 5 if (tally.percent or 0) < estimate.hardest_below else 4
    if tally.counts[CUSTOM]:
        return 3
    return 2 if tally.counts[REWRITE] else 1


def dropped_class(of_class: int, gone: int) -> str:
    """Why two counts of "dropped" differ: the class says that nothing is lost without it, the fate that no line is."""
    kept = of_class - gone
    if not kept:
        return ""
    return (
        f"{of_class} have the class dropped and do not count: {gone} became nothing, {kept} stand in the files or "
        "under what is not translated, as something of theirs was written or refused."
    )
