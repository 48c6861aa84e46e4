"""Compares configurations: which instances are alike, and in which parameters a host differs from the others. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.postfix.likeness import OWN_FOLDERS, OWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from discovery.estate import Row

# What is each host's own wherever there are two: it makes no difference in kind.
OWN = frozenset(
    {*OWN_NAMES, *OWN_FOLDERS, "inet_interfaces", "proxy_interfaces", "smtp_bind_address", "smtp_bind_address6"}
)
NOT_SET = ""
FEWEST = 2

Place = tuple[str, str]  # host and instance


@dataclass(frozen=True, slots=True)
class Variant:
    """One value of a parameter among look-alikes, how many have it, and one line that says so (None: not set)."""

    value: str
    count: int
    row: Row | None


@dataclass(frozen=True, slots=True)
class Difference:
    name: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Instances that are one configuration but for their own names, addresses and folders."""

    number: int
    instances: tuple[Row, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class InstanceGroup:
    """The instances of one host, how many settings they share, and those in which they differ."""

    host: str
    instances: tuple[Row, ...]
    shared: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A parameter in which one host is not as most are; `row` is its line, None where it is not set."""

    name: str
    value: str
    usual: str
    row: Row | None


@dataclass(frozen=True, slots=True)
class ComparedHost:
    host: str
    instance: str
    deviations: tuple[Deviation, ...]


def distinct_configurations(instances: Sequence[Row], parameters: Iterable[Row]) -> tuple[Likeness, ...]:
    """Groups of look-alikes, the largest first, each with the lines that differ inside it."""
    settings = settings_by_place(parameters)
    groups: dict[str, list[Row]] = {}
    for instance in instances:
        groups.setdefault(instance.values["likeness"], []).append(instance)
    ordered = sorted(groups.values(), key=len, reverse=True)
    return tuple(
        Likeness(number, tuple(group), tuple(differences_in([settings.get(place_of(each), {}) for each in group])))
        for number, group in enumerate(ordered, start=1)
    )


def instance_groups(instances: Iterable[Row], parameters: Iterable[Row]) -> tuple[InstanceGroup, ...]:
    """Every host that runs several instances."""
    settings = settings_by_place(parameters)
    hosts: dict[str, list[Row]] = {}
    for instance in instances:
        hosts.setdefault(instance.host, []).append(instance)
    return tuple(group_of(host, group, settings) for host, group in hosts.items() if len(group) >= FEWEST)


def group_of(host: str, group: Sequence[Row], settings: Mapping[Place, Mapping[str, Row]]) -> InstanceGroup:
    own = [settings.get(place_of(each), {}) for each in group]
    differences = tuple(differences_in(own))
    names = {name for each in own for name in each}
    return InstanceGroup(host, tuple(group), len(names) - len(differences), differences)


def place_of(row: Row) -> Place:
    return row.host, row.instance


def settings_by_place(parameters: Iterable[Row]) -> dict[Place, dict[str, Row]]:
    settings: dict[Place, dict[str, Row]] = {}
    for row in parameters:
        settings.setdefault(place_of(row), {})[row.values["name"]] = row
    return settings


def differences_in(group: Sequence[Mapping[str, Row]]) -> Iterable[Difference]:
    """The parameters that do not have one value in a group, by name."""
    for name in sorted({name for settings in group for name in settings}):
        rows = [settings.get(name) for settings in group]
        counted = Counter(value_of(row) for row in rows)
        if len(counted) >= FEWEST:
            first = {value_of(row): row for row in reversed(rows)}
            yield Difference(name, tuple(Variant(value, count, first[value]) for value, count in counted.most_common()))


def value_of(row: Row | None) -> str:
    return str(row.values["value"]) if row else NOT_SET


def compared_hosts(instances: Sequence[Row], parameters: Iterable[Row]) -> tuple[ComparedHost, ...]:
    """For folders that several hosts have: where each host is not as most of them are.

    A value counts as usual when more hosts have it than any other; the first host's counts in a tie.
    """
    settings = settings_by_place(parameters)
    folders: dict[str, list[Row]] = {}
    for instance in instances:
        folders.setdefault(instance.values["config_directory"], []).append(instance)
    return tuple(
        ComparedHost(instance.host, instance.instance, tuple(deviations_of(place_of(instance), group, settings)))
        for group in folders.values()
        if len(group) >= FEWEST
        for instance in group
    )


def deviations_of(
    place: Place, group: Sequence[Row], settings: Mapping[Place, Mapping[str, Row]]
) -> Iterable[Deviation]:
    everywhere = [settings.get(place_of(each), {}) for each in group]
    here = settings.get(place, {})
    for name in sorted({name for each in everywhere for name in each} - OWN):
        usual = Counter(value_of(each.get(name)) for each in everywhere).most_common(1)[0][0]
        if value_of(here.get(name)) != usual:
            yield Deviation(name, value_of(here.get(name)), usual, here.get(name))
