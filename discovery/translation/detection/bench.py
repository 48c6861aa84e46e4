"""What the finders share: one instance, its values, which services sleep, where mail is led."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from discovery.postfix import Bundle, Instance, MapUse, Override, Service, Setting
from discovery.postfix.braces import split_outside_braces
from discovery.postfix.maps import entries_of
from discovery.postfix.routes import FILTER_ACTION, split_target
from discovery.postfix.scope import DISABLED as DISABLE_PARAMETER
from discovery.postfix.scope import Scope, is_disabled
from discovery.postfix.tables import Entry
from discovery.postfix.usage import CLASSES
from discovery.translation.detection.found import DISABLED, IDLE, REPLACED

LEADING = re.compile(r"(_transport|^content_filter|_transport_maps|^transport_maps)$")
TRANSPORT_TABLES = re.compile(r"(^|_)transport_maps$")
CHECKS = re.compile(r"(^|_)(header|body)_checks$")
ACCESS_LISTS = re.compile(r"_restrictions$|^postscreen_access_list$")
NEXT_HOP = re.compile(r"(?:^|[\s,{=:])([\w.-]+)(?=:|[\s,}]|$)")
SLEEPERS = frozenset({"lmtp", "pipe", "local", "virtual", "smtp"})
ALWAYS_ASKED = frozenset({"smtp", "relay"})


@dataclass(frozen=True)
class Bench:
    """One instance among those of the same upload."""

    bundle: Bundle
    instance: Instance
    instances: Sequence[Instance]

    @cached_property
    def settings(self) -> Mapping[str, Setting]:
        """Every setting in force, known to Postfix or not, by name."""
        unknown = {setting.name: setting for setting in self.instance.unused}
        return {**unknown, **self.instance.parameters}

    @cached_property
    def scope(self) -> Scope:
        return Scope(self.settings, self.instance.config_directory)

    @cached_property
    def classes(self) -> frozenset[str]:
        """Names of restriction classes."""
        return frozenset(split_outside_braces(self.scope.get(CLASSES).text))

    @cached_property
    def values(self) -> tuple[tuple[str, str, Setting | Override, Service | None], ...]:
        """`(name, value, what says it, service)` of every setting and every override."""
        said: list[tuple[str, str, Setting | Override, Service | None]] = [
            (name, setting.value, setting, None) for name, setting in self.settings.items()
        ]
        said += [
            (each.name, each.value, each, service) for service in self.instance.services for each in service.overrides
        ]
        return tuple(said)

    @cached_property
    def tables(self) -> tuple[MapUse, ...]:
        """Tables whose rows are in the upload, each parameter and file once."""
        return tuple({(table.parameter, table.source): table for table in self.instance.maps if table.source}.values())

    def entries(self, table: MapUse) -> Iterator[Entry]:
        """The rows of such a table."""
        return iter(entries_of(self.bundle, table.parameter, table.kind, table.source))

    @cached_property
    def led_to(self) -> frozenset[str]:
        """Names of services that some setting or some table in the upload leads mail to."""
        named = {
            name
            for parameter, value, _, _ in self.values
            if LEADING.search(parameter)
            for name in NEXT_HOP.findall(self.scope.expanded(value))
        }
        return frozenset(named | set(self.led_to_by_tables()))

    def led_to_by_tables(self) -> Iterator[str]:
        for table in self.tables:
            if TRANSPORT_TABLES.search(table.parameter):
                yield from (split_target(entry.value)[0] for entry in self.entries(table))
            elif CHECKS.search(table.parameter) or ACCESS_LISTS.search(table.parameter):
                matches = (FILTER_ACTION.match(entry.value) for entry in self.entries(table))
                yield from (split_target(found["target"])[0] for found in matches if found)

    def sleep_of(self, service: Service) -> str:
        """Why Postfix makes nothing of a service, or an empty string."""
        last = {(each.name, each.kind): each for each in self.instance.services}
        if last[service.name, service.kind] is not service:
            return REPLACED
        if is_disabled(service, split_outside_braces(self.scope.get(DISABLE_PARAMETER).text)):
            return DISABLED
        return IDLE if self.is_idle(service) else ""

    def is_idle(self, service: Service) -> bool:
        """Whether nothing leads mail to a delivery service; mailboxes are asked for by their domains."""
        program = posixpath.basename(service.command)
        if service.kind != "unix" or program not in SLEEPERS or service.name in self.led_to | ALWAYS_ASKED:
            return False
        if program == "local" and service.name == "local":
            return not self.scope.get("mydestination").text.strip()
        if program == "virtual" and service.name == "virtual":
            return not self.scope.get("virtual_mailbox_domains").text.strip()
        return True
