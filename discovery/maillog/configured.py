"""Which names the services of an instance write in the log, and the limits that hold their number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discovery.postfix.expansion import expand
from discovery.postfix.parameters import default_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ON = frozenset({"yes", "true", "on"})
PIPE = "pipe"


@dataclass(frozen=True, slots=True)
class NamedService:
    """A service of master.cf; `has_own_name` when no other service need write under its syslog name."""

    label: str
    name: str
    program: str
    syslog_name: str
    has_own_name: bool
    is_tls_from_the_start: bool


@dataclass(frozen=True, slots=True)
class Configured:
    """What the configuration of one host says about its log; limits are None where it has no number for them."""

    services: tuple[NamedService, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)  # syslog names
    process_limit: int | None = None
    destination_limit: int | None = None

    @property
    def pipes(self) -> frozenset[str]:
        return frozenset(each.name for each in self.services if each.program == PIPE)

    @property
    def begins_with_tls(self) -> frozenset[str]:
        """Syslog names of listeners on which TLS comes before the first word."""
        return frozenset(each.syslog_name for each in self.services if each.is_tls_from_the_start)


Row = tuple[str, str, str, "Mapping[str, str]"]  # name, type, command and overrides of a service


def configured(parameters: Mapping[str, str], services: Iterable[Row]) -> Configured:
    """Of one instance."""
    general = _value("syslog_name", parameters)
    found = tuple(_named(row, parameters, general) for row in services)
    return Configured(
        found,
        frozenset({general, *(each.syslog_name for each in found)}),
        _number("default_process_limit", parameters),
        _number("default_destination_concurrency_limit", parameters),
    )


def put_together(instances: Iterable[Configured]) -> Configured:
    """Of a host: the instances share its log, and the smallest limit is met first."""
    every = tuple(instances)
    return Configured(
        tuple(service for each in every for service in each.services),
        frozenset().union(*(each.names for each in every)),
        min((each.process_limit for each in every if each.process_limit), default=None),
        min((each.destination_limit for each in every if each.destination_limit), default=None),
    )


def _named(row: Row, parameters: Mapping[str, str], general: str) -> NamedService:
    name, kind, command, overrides = row
    seen = {"service_name": name, **parameters, **overrides}
    syslog_name = _value("syslog_name", seen)
    program = (command.split() or [""])[0].rpartition("/")[2]
    is_wrapped = _value("smtpd_tls_wrappermode", seen).strip().lower() in ON
    return NamedService(f"{name}/{kind}", name, program, syslog_name, syslog_name != general, is_wrapped)


def _value(name: str, parameters: Mapping[str, str]) -> str:
    def raw(asked: str) -> str | None:
        return parameters[asked] if asked in parameters else default_of(asked)

    return expand(raw(name) or "", raw).value


def _number(name: str, parameters: Mapping[str, str]) -> int | None:
    text = _value(name, parameters).strip()
    return int(text) if text.isdigit() and int(text) else None
