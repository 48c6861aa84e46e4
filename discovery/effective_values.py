"""What an instance runs with: its facts from the database, the findings beside them, and what a reader asks for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from core.words import are_words_in
from discovery.models import Parameter, Sighting
from discovery.models import Service as ServiceRow
from discovery.postfix.facts import Override, Service, Setting
from discovery.postfix.in_force import Configuration, services_with_options, values_in_force
from discovery.postfix.versions import Release, Sign, release_of
from discovery.translation.known_versions import known_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from discovery.models import Finding, Instance, Upload
    from discovery.postfix.in_force import InForce

LONGEST = 200
SHOWN = {
    "set": "Set in main.cf",
    "default": "Default",
    "overridden": "Set by a service",
    "unknown": "Without effect",
}
DOUBTS = {
    "unknown": "Postfix does not know this name, and nothing refers to it",
    "dead": "No service of this name reads it",
    "newer": f"Only versions of Postfix newer than {known_versions()['postfix'].rpartition(' ')[2]} read it",
    "later": "The Postfix of this host is too old to read it",
    "case": "Postfix knows it with other capital letters only",
    "former": "A former name that Postfix no longer reads by itself",
    "gone": "Postfix no longer reads it",
    "fixed": "Postfix sets this itself",
}
FATES = {
    "wins": "Wins over main.cf",
    "replaced": "A later option of the service replaces it",
    "unread": "This program does not read it",
    "unknown": "Postfix does not know this name",
    "off": "The service is not started",
}

Spot = tuple[str, int]


@dataclass(frozen=True, slots=True)
class EffectiveFilter:
    """Empty means all. `service` is the one through whose eyes the values are seen, "" for main.cf alone."""

    instance: str = ""
    service: str = ""
    show: str = ""
    text: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """From an address. A wish that nobody knows is none."""
        told = {name: asked.get(name, "").replace("\0", "").strip()[:LONGEST] for name in cls.__slots__}
        return cls(**told | {"show": told["show"] if told["show"] in SHOWN else ""})

    @property
    def is_narrow(self) -> bool:
        return bool(self.show or self.text)

    def narrow(self, rows: Iterable[InForce]) -> list[InForce]:
        return [row for row in rows if (not self.show or is_of(row, self.show)) and are_words_in(self.text, row.texts)]


@dataclass(frozen=True, slots=True)
class EffectiveView:
    """The parameters of one instance as main.cf or one service sees them."""

    told: Configuration
    services: Sequence[Service]
    service: Service | None
    rows: Sequence[InForce]

    @property
    def counts(self) -> dict[str, int]:
        return {show: sum(is_of(row, show) for row in self.rows) for show in SHOWN}

    def row(self, name: str) -> InForce:
        return next(row for row in self.rows if row.name == name)


def is_of(row: InForce, show: str) -> bool:
    return bool(getattr(row, {"overridden": "is_overridden"}.get(show, f"is_{show}")))


def configuration_of(instance: Instance) -> Configuration:
    """Two queries, however much the instance holds."""
    parameters: list[Parameter] = list(Parameter.objects.filter(instance=instance).order_by("pk"))
    services: list[ServiceRow] = list(ServiceRow.objects.filter(instance=instance).order_by("pk"))
    settings = {row.name: Setting(row.name, row.value, row.file, row.line, row.end_line) for row in parameters}
    used = {row.name: settings[row.name] for row in parameters if row.is_used}
    return Configuration(
        settings,
        settings.keys() - used.keys(),
        tuple(_service(row) for row in services),
        instance.config_directory,
        _release(instance, used),
    )


def _service(row: ServiceRow) -> Service:
    overrides = tuple(Override(*option) for option in row.overrides)
    name, kind, private, unprivileged, chroot, wakeup, maxproc, command = row.columns
    columns = (name, kind, private, unprivileged, chroot, wakeup, maxproc, command)
    return Service(*columns, (), overrides, row.file, row.line, row.line)


def _release(instance: Instance, used: Mapping[str, Setting]) -> Release:
    if not instance.release:
        return release_of(None, used)
    sign = instance.release["sign"]
    return Release(**instance.release | {"sign": Sign(**sign) if sign else None})


def effective_view(instance: Instance, service: str) -> EffectiveView:
    """Raises KeyError for a service that has no options in this instance."""
    told = configuration_of(instance)
    services = services_with_options(told)
    seen_by = {each.label: each for each in services}[service] if service else None
    return EffectiveView(told, services, seen_by, values_in_force(told, seen_by))


def findings_beside(upload: Upload, rows: Iterable[InForce]) -> dict[str, list[Finding]]:
    """The findings that an upload shows on the lines of some parameters, by the name of the parameter. One query.

    A line of master.cf can hold several options: then a finding belongs to those whose names it says.
    """
    places: dict[Spot, set[str]] = {}
    for row in rows:
        for spot in spots_of(row):
            places.setdefault(spot, set()).add(row.name)
    seen = Sighting.objects.filter(upload=upload).exclude(change=Sighting.Change.GONE).select_related("finding")
    found: dict[str, list[Finding]] = {}
    for one in seen.order_by("finding__number"):
        names = places.get((one.file, one.line), set())
        said = {name for name in names if name in one.finding.message}
        for name in said or names:
            found.setdefault(name, []).append(one.finding)
    return found


def spots_of(row: InForce) -> Iterator[Spot]:
    if row.written:
        last = max(row.written.end_line, row.written.line)
        yield from ((row.written.file, line) for line in range(row.written.line, last + 1))
    yield from ((option.file, option.line) for option in row.options)


def as_plain(row: InForce, findings: Iterable[Finding]) -> dict[str, Any]:
    """A row as the API tells it."""
    written = row.written
    return {
        "name": row.name,
        "values": [{name: value for name, value in asdict(each).items() if name != "name"} for each in row.values],
        "is_set": row.is_set,
        "is_default": row.is_default,
        "file": written.file if written else "",
        "line": written.line if written else 0,
        "doubt": row.doubt,
        "options": [asdict(each) for each in row.options],
        "findings": [finding.number for finding in findings],
    }
