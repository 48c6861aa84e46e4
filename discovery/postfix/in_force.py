"""What one instance runs with, parameter by parameter, as main.cf alone shows it or as one service sees it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from discovery.postfix.effective import Effective, effective
from discovery.postfix.facts import Override, Service, Setting
from discovery.postfix.naming import is_queue_default, is_queue_name, kind_of_unknown
from discovery.postfix.parameters import built_in_names, catalogue
from discovery.postfix.scope import Scope, live_services, with_domain
from discovery.postfix.setting_matchers import QUEUE_MANAGERS
from discovery.postfix.usage import unknown_options
from discovery.postfix.versions import Release, is_older

# Postfix asks the host for these when nothing sets them.
OF_THE_HOST = frozenset({"mail_release_date", "mail_version", "mydomain", "myhostname", "mynetworks", "process_id"})


@dataclass(frozen=True, slots=True)
class OwnValue:
    """An `-o` of one service. `fate`: wins, replaced (by a later one), unread, unknown, or off with its service."""

    service: str
    name: str
    value: str
    file: str
    line: int
    fate: str


@dataclass(frozen=True, slots=True)
class InForce:
    """One parameter. Several `values` where the version decides and is not known, none for a name Postfix lacks.

    `doubt` says why the line of main.cf does nothing, in the words of `kind_of_unknown` or `later`; "" if it acts.
    """

    name: str
    values: tuple[Effective, ...]
    written: Setting | None
    options: tuple[OwnValue, ...]
    doubt: str = ""

    @property
    def is_set(self) -> bool:
        return self.written is not None

    @property
    def is_overridden(self) -> bool:
        return bool(self.options)

    @property
    def is_unknown(self) -> bool:
        """Whether a line or an option of this name does nothing."""
        return bool(self.doubt) or any(option.fate != "wins" for option in self.options)

    @property
    def is_default(self) -> bool:
        return not self.is_set and bool(self.values) and not self.values[0].file

    @property
    def texts(self) -> Iterator[str]:
        """What can be searched: the name and every value."""
        yield self.name
        yield from (each.value for each in self.values)
        yield from (each.value for each in self.options)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the files of one instance say. `unused` are names of settings that nothing refers to."""

    settings: Mapping[str, Setting]
    unused: Collection[str]
    services: Sequence[Service]
    config_directory: str
    release: Release

    @property
    def scope(self) -> Scope:
        return Scope(with_domain(self.settings), self.config_directory)


def services_with_options(told: Configuration) -> tuple[Service, ...]:
    """The services that run and have a word of their own, in the order of the file."""
    return tuple(each for each in live_services(told.services, told.scope) if each.overrides)


def values_in_force(told: Configuration, service: Service | None = None) -> tuple[InForce, ...]:
    """Every parameter that this release has, and every name that is written down, by name."""
    scope = told.scope.within(service) if service else told.scope
    options: dict[str, list[OwnValue]] = {}
    for each in own_values(told):
        options.setdefault(each.name, []).append(each)
    newer = (name for name, known in catalogue().items() if known.is_newer and is_certain(told.release, known.version))
    names = {*built_in_names(), *newer, *told.settings, *options}
    return tuple(
        InForce(
            name,
            values_of(name, told, scope),
            told.settings.get(name),
            tuple(options.get(name, ())),
            doubt_of(name, told),
        )
        for name in sorted(names)
    )


def is_certain(release: Release, version: str) -> bool:
    known = release.exact or release.lowest
    return bool(known) and not is_older(known, version)


def values_of(name: str, told: Configuration, scope: Scope) -> tuple[Effective, ...]:
    known = catalogue().get(name)
    if name in told.settings or name in scope.overrides:
        return effective(name, scope, told.release)
    if name in OF_THE_HOST:
        return (value_of_host(name, told, scope),)
    if known and known.is_newer:
        return (Effective(name, scope.expanded(known.default), f"default since Postfix {known.version}"),)
    return effective(name, scope, told.release)


def value_of_host(name: str, told: Configuration, scope: Scope) -> Effective:
    sign = told.release.sign
    if name == "mail_version" and told.release.exact and sign:
        return Effective(name, sign.version, sign.words, sign.file, sign.line)
    if name == "mydomain" and (domain := scope.get(name).text):
        return Effective(name, domain, "myhostname without its first part")
    return Effective(name, "", "asked of the host when Postfix starts")


def doubt_of(name: str, told: Configuration) -> str:
    known = catalogue().get(name)
    if name not in told.settings:
        return ""
    if name in told.unused:
        has_it = known is not None and known.is_newer and is_certain(told.release, known.version)
        return "" if has_it else kind_of_unknown(name)
    return "later" if known and known.since and not told.release.may_be_from(known.since) else ""


def own_values(told: Configuration) -> Iterator[OwnValue]:
    """Every `-o` of every service, with what becomes of it."""
    scope = told.scope
    running = {id(each) for each in live_services(told.services, scope)}
    unknown = {(id(service), option) for service, option in unknown_options(told.settings, told.services)}
    for service in told.services:
        last = {option.name: option for option in service.overrides}
        within = scope.within(service)
        for option in service.overrides:
            wins = last[option.name] is option
            fate = fate_of(service, option, is_on=id(service) in running, is_last=wins)
            fate = "unknown" if fate == "wins" and (id(service), option) in unknown else fate
            yield OwnValue(
                service.label,
                option.name,
                within.expanded(option.value),
                service.file,
                option.line,
                fate,
            )


def fate_of(service: Service, option: Override, *, is_on: bool, is_last: bool) -> str:
    is_for_queue = is_queue_name(option.name) or is_queue_default(option.name)
    if not is_on:
        return "off"
    if not is_last:
        return "replaced"
    return "unread" if is_for_queue and service.command not in QUEUE_MANAGERS else "wins"
