"""What was added, removed or changed between two runs, subject by subject."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Key = tuple[str, str]

# In the order in which they are shown.
TITLES = {
    "parameters": "Parameters",
    "services": "Services",
    "options": "Options of services",
    "tables": "Tables",
    "rows": "Rows of tables",
    "files": "Files",
    "findings": "Findings",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a run shows, and where. `name` tells it from others of its instance, `value` may change.

    `finding` is the number of a finding, 0 for everything else.
    """

    instance: str
    name: str
    value: str
    file: str
    line: int = 0
    finding: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One upload with its items by subject. `stored_in` is the upload that holds its files: a repeat has none."""

    number: int
    host: str
    stored_in: int
    items: Mapping[str, Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` is added (no `before`), removed (no `after`) or changed."""

    kind: str
    before: Item | None
    after: Item | None

    @property
    def shown(self) -> Item:
        """The one that speaks for both: the later, if there is one."""
        item = self.after or self.before
        if item is None:
            raise ValueError("A change has at least one side.")
        return item


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: str
    changes: tuple[Change, ...]
    unchanged: int
    too_large: tuple[str, ...] = ()  # tables of which only the digests were compared

    @property
    def counts(self) -> dict[str, int]:
        return {kind: sum(change.kind == kind for change in self.changes) for kind in ("added", "removed", "changed")}


@dataclass(frozen=True, slots=True)
class RunComparison:
    before: Run
    after: Run
    sections: tuple[Section, ...]

    @property
    def change_count(self) -> int:
        return sum(len(section.changes) for section in self.sections)

    @property
    def unchanged(self) -> int:
        return sum(section.unchanged for section in self.sections)


def compare(before: Run, after: Run) -> RunComparison:
    """Every subject of both runs. An instance that merely has another name in the later run is the same one."""
    renamed = renamed_instances(before, after)
    return RunComparison(
        before,
        after,
        tuple(
            compare_items(slug, before.items.get(slug, ()), after.items.get(slug, ()), renamed)
            for slug in TITLES
            if slug in before.items or slug in after.items
        ),
    )


def compare_items(slug: str, before: Iterable[Item], after: Iterable[Item], renamed: Mapping[str, str]) -> Section:
    earlier, later = by_name(before, {}), by_name(after, renamed)
    pairs = [
        pair for key in dict.fromkeys([*earlier, *later]) for pair in paired(earlier.get(key, []), later.get(key, []))
    ]
    changes = tuple(change for one, other in pairs if (change := change_of(one, other)))
    return Section(slug, TITLES[slug], changes, len(pairs) - len(changes))


def by_name(items: Iterable[Item], renamed: Mapping[str, str]) -> dict[Key, list[Item]]:
    named: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        named[renamed.get(item.instance, item.instance), item.name].append(item)
    return named


def paired(before: Sequence[Item], after: Sequence[Item]) -> Iterable[tuple[Item | None, Item | None]]:
    """Items of one name: equal values belong together first, what is left pairs up in its order."""
    waiting = list(after)
    left = []
    for item in before:
        equal = next((other for other in waiting if other.value == item.value), None)
        if equal is None:
            left.append(item)
        else:
            waiting.remove(equal)
            yield item, equal
    yield from zip_longest(left, waiting)


def change_of(before: Item | None, after: Item | None) -> Change | None:
    if before is None or after is None:
        return Change("removed" if after is None else "added", before, after)
    return None if before.value == after.value else Change("changed", before, after)


def renamed_instances(before: Run, after: Run) -> dict[str, str]:
    """New name to old name, where exactly one instance has lost its name and exactly one has a new one."""
    old, new = instances_of(before), instances_of(after)
    lost, gained = old - new, new - old
    return {gained.pop(): lost.pop()} if len(lost) == len(gained) == 1 else {}


def instances_of(run: Run) -> set[str]:
    return {item.instance for item in run.items.get("parameters", ())}
