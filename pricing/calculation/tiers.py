"""Which tier fits, why, and why the others do not. The rules are rows of the book, tried in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pricing.calculation.facts import NOUNS, capitalized, counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pricing.calculation.books import Book, Condition, Rule, Tier
    from pricing.calculation.diagnosis import Diagnosis
    from pricing.calculation.facts import DataPoints


@dataclass(frozen=True, slots=True)
class Rejected:
    """A tier that was considered, and the sentence that speaks against it."""

    tier: Tier
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The tier for these facts. `is_provisional` says that an unknown number could still change it."""

    tier: Tier
    because: tuple[str, ...]
    rejected: tuple[Rejected, ...]
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class _Finding:
    """How one condition came out: True, False, or None for unknown, with its words."""

    outcome: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class _Tried:
    rule: Rule
    findings: tuple[_Finding, ...]

    @property
    def applies(self) -> bool:
        return not self.findings or any(finding.outcome for finding in self.findings)

    @property
    def is_open(self) -> bool:
        return any(finding.outcome is None for finding in self.findings)


def choose_tier(points: DataPoints, diagnosis: Diagnosis, book: Book) -> Choice:
    """Raises LookupError only when the book's last rule has conditions, which its own test forbids."""
    tried = [
        _Tried(rule, tuple(_try(condition, points, diagnosis) for condition in rule.conditions)) for rule in book.rules
    ]
    place = next((place for place, one in enumerate(tried) if one.applies), None)
    if place is None:
        raise LookupError("The rules have no last resort")
    chosen, before, after = tried[place], tried[:place], tried[place + 1 :]
    because = _met(chosen) or tuple(words for one in before[1:] for words in _words(one))
    against_later = capitalized("; ".join(because)) + "."
    rejected = [Rejected(book.tier(one.rule.tier), capitalized("; ".join(_words(one))) + ".") for one in before]
    rejected += [Rejected(book.tier(one.rule.tier), against_later) for one in after]
    return Choice(
        tier=book.tier(chosen.rule.tier),
        because=tuple(capitalized(words) + "." for words in dict.fromkeys(because)),
        rejected=tuple(sorted(rejected, key=lambda one: one.tier.fee)),
        is_provisional=any(one.is_open for one in before),
    )


def _met(tried: _Tried) -> tuple[str, ...]:
    return tuple(finding.words for finding in tried.findings if finding.outcome)


def _words(tried: _Tried) -> Iterable[str]:
    return dict.fromkeys(finding.words for finding in tried.findings)


def _try(condition: Condition, points: DataPoints, diagnosis: Diagnosis) -> _Finding:
    value = _value(condition.fact, points, diagnosis)
    if value is None:
        return _Finding(None, condition.unknown)
    outcome = _compare(condition, value)
    words = condition.met if outcome else condition.unmet
    count = counted(condition.fact, value) if isinstance(value, int) and condition.fact in NOUNS else str(value)
    return _Finding(outcome, words.format(count=count, limit=condition.more_than))


def _value(fact: str, points: DataPoints, diagnosis: Diagnosis) -> int | str | None:
    if fact != "band":
        value: int | str | None = getattr(points, fact)
        return value
    return None if diagnosis.is_provisional else str(diagnosis.band)


def _compare(condition: Condition, value: int | str) -> bool:
    if isinstance(value, int):
        return condition.more_than is not None and value > condition.more_than
    return value == condition.equals
