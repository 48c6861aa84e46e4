"""The value of a parameter in force, and why: an option, a line of main.cf, or a default of version and level."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from discovery.postfix.parameters import default_of
from discovery.postfix.scope import Scope
from discovery.postfix.versions import LEVEL_NAME, Release

NO_LEVEL = "0"
ABSENT = "-"


@dataclass(frozen=True, slots=True)
class Effective:
    """A value with its reason; file "" and line 0 for a default."""

    name: str
    value: str
    reason: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class FormerDefault:
    """What a parameter was before some version; `-` for a version that did not have it."""

    name: str
    before: str
    value: str


@cache
def former_defaults() -> dict[str, tuple[FormerDefault, ...]]:
    """By name, the oldest first. Facts from postconf(5) and the release notes of Postfix."""
    found: dict[str, list[FormerDefault]] = {}
    for line in (Path(__file__).parent / "former_defaults.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            row = FormerDefault(*line.split("\t"))
            found.setdefault(row.name, []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def effective(name: str, scope: Scope, release: Release) -> tuple[Effective, ...]:
    """The value in force; where it depends on a version that is not known, each possible one with its condition.

    Empty for a name that Postfix does not have.
    """
    value = scope.get(name)
    if name in scope.overrides:
        return (Effective(name, value.text, "an option of the service in master.cf", value.file, value.line),)
    if value.is_set:
        return (Effective(name, value.text, f"line {value.line} of {value.file}", value.file, value.line),)
    return defaults_of(name, scope, release)


def defaults_of(name: str, scope: Scope, release: Release) -> tuple[Effective, ...]:
    former = former_defaults().get(name, ())
    possible: list[Effective] = []
    since = ""
    for row in former:
        if release.may_be_before(row.before) and (not since or release.may_be_from(since)):
            possible.append(default(name, scope.expanded(row.value), f"before Postfix {row.before}", release))
        since = row.before
    current = default_of(name)
    if current is not None and (not since or release.may_be_from(since)):
        level = f" at {LEVEL_NAME} {scope.get(LEVEL_NAME).text or NO_LEVEL}" if LEVEL_NAME in current else ""
        condition = f"since Postfix {since}{level}" if since else f"of Postfix{level}"
        possible.append(default(name, scope.expanded(current), condition, release))
    return tuple(possible)


def default(name: str, value: str, condition: str, release: Release) -> Effective:
    text = "" if value == ABSENT else value
    absence = ", which does not have it" if value == ABSENT else ""
    version = f" (the host runs {release.exact})" if release.exact else ""
    return Effective(name, text, f"default {condition}{absence}{version}")


def is_undecided(name: str, scope: Scope, release: Release) -> bool:
    """Whether the value in force depends on a version that the files do not tell."""
    return len({each.value for each in effective(name, scope, release)}) > 1
