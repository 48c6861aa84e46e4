"""What rules look at, and how their expressions are compared: names as a whole, values in any part.

Work is bounded: long texts are compared up to a limit, and tables up to MOST_ROWS rows.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from discovery.postfix.bundle import Bundle, BundleFile
from discovery.postfix.expansion import expand
from discovery.postfix.facts import HiddenSecret, MapUse, MissingFile, Service
from discovery.postfix.maps import entries_of
from discovery.postfix.parameters import default_of
from discovery.postfix.programs import language_of
from discovery.postfix.report import Instance
from discovery.postfix.tables import Entry
from discovery.postfix.unrendered import is_unrendered

Match = Mapping[str, Any]
MOST_ROWS = 10_000
MOST_LINES = 20_000
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a rule applies, and the words its message may use."""

    file: str
    line: int
    instance: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that rules may look at; the bundle is masked. Rows of a table are read once for all rules."""

    bundle: Bundle
    instances: tuple[Instance, ...]
    missing: tuple[MissingFile, ...]
    secrets: tuple[HiddenSecret, ...]
    rows_read: dict[tuple[str, str], tuple[Entry, ...]] = field(default_factory=dict, compare=False)
    languages: dict[str, str] = field(default_factory=dict, compare=False)

    def rows_of(self, table: MapUse) -> tuple[Entry, ...]:
        """The first MOST_ROWS rows of a table whose source is in the bundle; no more than MOST_LINES lines are read."""
        key = (table.kind, table.source)
        if key not in self.rows_read:
            head = Bundle.of({table.source: first_lines(self.bundle.files[table.source].content)})
            rows = entries_of(head, table.parameter, table.kind, table.source)
            self.rows_read[key] = tuple(islice(rows, MOST_ROWS))
        return self.rows_read[key]

    def head_of(self, path: str) -> str:
        """The first MOST_LINES lines of a file."""
        return BundleFile.of(path, first_lines(self.bundle.files[path].content)).text

    def programs(self) -> Iterator[tuple[BundleFile, str]]:
        """Files that are programs, each with its language."""
        if not self.languages:
            self.languages.update({path: language_of(file) for path, file in self.bundle.files.items()})
        return ((self.bundle.files[path], language) for path, language in self.languages.items() if language)


def first_lines(content: bytes) -> bytes:
    return b"\n".join(content.split(b"\n", MOST_LINES)[:MOST_LINES])


@cache
def expression(pattern: str) -> re.Pattern[str]:
    """A rule's expression, blind to case; `^` and `$` are the ends of a line."""
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def is_wanted(text: str, match: Match, key: str) -> bool:
    """Whether the rule's expression, if it has one under this key, is found in the text."""
    pattern = match.get(key)
    return pattern is None or expression(str(pattern)).search(text[:LONGEST_TEXT]) is not None


def is_named(name: str, match: Match, key: str = "name") -> bool:
    """Whether the whole name is what the rule asks for; every name is when it asks for none."""
    return key not in match or is_full_match(str(match[key]), name)


@lru_cache(maxsize=65536)
def is_full_match(pattern: str, name: str) -> bool:
    return re.fullmatch(pattern, name) is not None


def is_right_value(value: str, match: Match) -> bool:
    return is_wanted(value, match, "value") and not ("not_value" in match and is_wanted(value, match, "not_value"))


def is_excused(match: Match, instance: Instance, service: Service | None) -> bool:
    """Whether a condition under `unless` holds, or one under `given` does not; defaults count as values.

    Where a condition asks about a value that is still to be filled in, nobody can tell, and the rule is silent.
    """
    asked = (*conditions(match, "unless"), *conditions(match, "given"))
    if any(is_open(str(condition["name"]), instance, service) for condition in asked):
        return True
    holds = (is_holding(condition, instance, service) for condition in conditions(match, "unless"))
    return any(holds) or not all(is_holding(each, instance, service) for each in conditions(match, "given"))


def is_open(name: str, instance: Instance, service: Service | None = None) -> bool:
    """Whether what a daemon uses is a template that nobody filled in."""
    return is_unrendered(written_value(name, instance, service), names_of(instance))


def names_of(instance: Instance) -> frozenset[str]:
    """Every name that main.cf sets, used or not."""
    return frozenset(instance.parameters).union(setting.name for setting in instance.unused)


def conditions(match: Match, key: str) -> Iterator[Match]:
    found = match.get(key, ())
    yield from (found,) if isinstance(found, Mapping) else found


def is_holding(condition: Match, instance: Instance, service: Service | None) -> bool:
    return is_right_value(effective_value(str(condition["name"]), instance, service), condition)


def effective_value(name: str, instance: Instance, service: Service | None = None) -> str:
    """What a daemon uses: the service's option, else main.cf, else the built-in default."""
    return value_of(instance, written_value(name, instance, service))


def written_value(name: str, instance: Instance, service: Service | None = None) -> str:
    """The same before `$names` are replaced."""
    for override in service.overrides if service else ():
        if override.name == name:
            return override.value
    setting = instance.parameters.get(name)
    return setting.value if setting else default_of(name) or ""


def value_of(instance: Instance, value: str) -> str:
    """The value with `$names` replaced, as the daemons see it."""
    if "$" not in value:
        return value
    unused = {setting.name: setting.value for setting in instance.unused}

    def lookup(name: str) -> str | None:
        setting = instance.parameters.get(name)
        return setting.value if setting else unused.get(name, default_of(name))

    return expand(value, lookup).value
