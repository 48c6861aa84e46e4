"""What a program reads, calls and writes, judged by its lines; script_traits.yaml says which signs mean what."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

OTHER = "other"
COMMENTS = ("#", "//", "--", ";", "*", "/*")
LONGEST_QUOTE = 120
LONGEST_LINE = 1000
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Trait:
    """One sign; `direction` is reads, calls or writes, `says` what it is a sign of."""

    name: str
    direction: str
    says: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The first line on which a sign stands."""

    trait: str
    direction: str
    says: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class KindRule:
    """A kind of program, and the signs that make it seem one."""

    kind: str
    confidence: str
    all: frozenset[str]
    any: frozenset[str]
    roles: frozenset[str]
    path: re.Pattern[str] | None

    def fits(self, traits: Collection[str], roles: Collection[str], path: str) -> bool:
        return (
            self.all <= set(traits)
            and (not self.any or not self.any.isdisjoint(traits))
            and (not self.roles or not self.roles.isdisjoint(roles))
            and (self.path is None or self.path.search(path) is not None)
        )


@cache
def rows() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    read: Mapping[str, Sequence[Mapping[str, Any]]] = yaml.safe_load(
        (Path(__file__).parent / "script_traits.yaml").read_text(encoding="utf-8")
    )
    return read


@cache
def known_traits() -> tuple[Trait, ...]:
    return tuple(
        Trait(row["name"], row["direction"], row["says"], re.compile(row["pattern"], re.IGNORECASE))
        for row in rows()["traits"]
    )


@cache
def kind_rules() -> tuple[KindRule, ...]:
    return tuple(
        KindRule(
            kind=row["kind"],
            confidence=row["confidence"],
            all=frozenset(row.get("all", ())),
            any=frozenset(row.get("any", ())),
            roles=frozenset(row.get("roles", ())),
            path=re.compile(row["path"], re.IGNORECASE) if "path" in row else None,
        )
        for row in rows()["kinds"]
    )


def sightings_in(lines: Sequence[str]) -> tuple[Sighting, ...]:
    """The signs in the lines of a program, each where it stands first, in the order of script_traits.yaml."""
    code = [(number, line[:LONGEST_LINE]) for number, line in enumerate(lines[:MOST_LINES], start=1) if is_code(line)]
    found = (first_sighting(trait, code) for trait in known_traits())
    return tuple(sighting for sighting in found if sighting)


def is_code(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith(COMMENTS)


def first_sighting(trait: Trait, code: Sequence[tuple[int, str]]) -> Sighting | None:
    for number, line in code:
        if trait.pattern.search(line):
            return Sighting(trait.name, trait.direction, trait.says, number, line.strip()[:LONGEST_QUOTE])
    return None


def kind_of(traits: Collection[str], roles: Collection[str], path: str) -> tuple[str, str]:
    """`(kind, confidence)` by the first row of script_traits.yaml that fits; `other` when none does."""
    fitting = (rule for rule in kind_rules() if rule.fits(traits, roles, path))
    rule = next(fitting, None)
    return (rule.kind, rule.confidence) if rule else (OTHER, "guess")
