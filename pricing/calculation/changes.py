"""What one revision of a quote says differently from another: a function of what the two say."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from pricing.calculation.facts import NOUNS, TEAM_WORDS, UNKNOWN, Team, capitalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Said = Mapping[str, Any]  # a quote as content.offer_content() and quote_snapshot() put it

LISTS = {"included": "Included", "promises": "Promised", "exclusions": "Not included"}
ALIKE = 0.6  # the share of its letters that a reworded sentence keeps, at least
TEXTS = {"fixed_fee": "What the fee covers", "refund": "If discovery says stay"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. An empty side says that the revision on that side does not hold it."""

    what: str
    before: str
    after: str


def changes_between(before: Said, after: Said) -> tuple[Change, ...]:
    """Data points, tier, lines, total, terms and last day, in the order in which a reader asks for them.

    What only one side states at all, such as the last day of a draft, is no difference.
    """
    return (
        *_points(before["points"], after["points"]),
        *_values(("Tier", _tier(before), _tier(after)), ("Diagnosis", _verdict(before), _verdict(after))),
        *_lines(before["lines"], after["lines"]),
        *_values(("Total fixed fee", before["total"], after["total"])),
        *(change for key, what in LISTS.items() for change in _listed(what, before[key], after[key])),
        *_values(*((what, before[key], after[key]) for key, what in TEXTS.items())),
        *_values(("Licence of PowerMTA, estimated", _licence(before), _licence(after))),
        *_dates(before, after),
    )


def _values(*rows: tuple[str, str, str]) -> Iterator[Change]:
    yield from (Change(what, before, after) for what, before, after in rows if before != after)


def _points(before: Said, after: Said) -> Iterator[Change]:
    was, now = _flat(before), _flat(after)
    yield from _values(*((_label(fact), _figure(was.get(fact)), _figure(now[fact])) for fact in now))


def _flat(points: Said) -> dict[str, Any]:
    """The facts in the order in which they are asked for; the team last."""
    facts = {fact: value for fact, value in points.items() if fact not in {"components", "team"}}
    team = points["team"]
    return {**facts, **points["components"], "team": TEAM_WORDS[Team(team) if team else None]}


def _label(fact: str) -> str:
    return capitalized(NOUNS[fact][1] if fact in NOUNS else fact)


def _figure(value: object) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:,}" if isinstance(value, int) else str(value)


def _tier(said: Said) -> str:
    return f"{said['tier']['label']}: {said['tier']['scope']}"


def _verdict(said: Said) -> str:
    return str(said["diagnosis"]["label"])


def _lines(before: Iterable[Said], after: Iterable[Said]) -> Iterator[Change]:
    """By description: an amount that moved is one difference, a line that came or went another."""
    was = {line["description"]: line["amount"] for line in before}
    now = {line["description"]: line["amount"] for line in after}
    yield from _values(*((f"Line: {name}", was.get(name, ""), now.get(name, "")) for name in {**was, **now}))


def _listed(what: str, before: list[str], after: list[str]) -> Iterator[Change]:
    """A sentence that was reworded is one difference: what it says now stands beside it."""
    gone = [text for text in before if text not in after]
    new = [text for text in after if text not in before]
    reworded = _reworded(gone, new)
    yield from (Change(what, text, reworded.get(text, "")) for text in gone)
    yield from (Change(what, "", text) for text in new if text not in reworded.values())


def _reworded(gone: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """Which sentence became which: the pairs that are closest first, each sentence once, the same from both sides."""
    alike = [(_likeness(was, now), was, now) for was in gone for now in new]
    found: dict[str, str] = {}
    for likeness, was, now in sorted(alike, key=lambda pair: (-pair[0], sorted(pair[1:]))):
        if likeness >= ALIKE and was not in found and now not in found.values():
            found[was] = now
    return found


def _likeness(one: str, other: str) -> float:
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second).ratio()


def _licence(said: Said) -> str:
    return f"{said['licence']['range']} a year" if said["licence"] else UNKNOWN


def _dates(before: Said, after: Said) -> Iterator[Change]:
    if "valid_until" in before and "valid_until" in after:
        yield from _values(("Valid until", before["valid_until"], after["valid_until"]))
