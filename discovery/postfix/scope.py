"""Values as a daemon sees them: its own options before main.cf, main.cf before the built-in default."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from discovery.postfix.braces import split_outside_braces
from discovery.postfix.expansion import expand
from discovery.postfix.facts import Override, Service, Setting
from discovery.postfix.parameters import default_of

DISABLED = "master_service_disable"


@dataclass(frozen=True, slots=True)
class Value:
    """An expanded value and the line that sets it; file "" and line 0 for a default."""

    name: str
    text: str
    file: str = ""
    line: int = 0

    @property
    def is_set(self) -> bool:
        return bool(self.file)

    @property
    def is_on(self) -> bool:
        return self.text.strip().lower() in {"yes", "true", "on"}


@dataclass(frozen=True, slots=True)
class Scope:
    """The settings of one instance, seen by main.cf alone or by one service."""

    settings: Mapping[str, Setting]
    config_directory: str
    overrides: Mapping[str, Override] = field(default_factory=dict)
    master: str = ""

    def within(self, service: Service) -> "Scope":
        """The same instance as one service sees it."""
        overrides = {override.name: override for override in service.overrides}
        return replace(self, overrides=overrides, master=service.file)

    def raw(self, name: str) -> str | None:
        if name in self.overrides:
            return self.overrides[name].value
        if name in self.settings:
            return self.settings[name].value
        return self.config_directory if name == "config_directory" else default_of(name)

    def expanded(self, text: str) -> str:
        return expand(text, self.raw).value if "$" in text else text

    def get(self, name: str) -> Value:
        """The value in force, with its `$names` replaced."""
        text = self.expanded(self.raw(name) or "")
        if name in self.overrides:
            return Value(name, text, self.master, self.overrides[name].line)
        setting = self.settings.get(name)
        return Value(name, text, setting.file, setting.line) if setting else Value(name, text)

    def first(self, *names: str) -> Value:
        """The first of these that is set to something, else the value of the last."""
        values = [self.get(name) for name in names]
        return next((value for value in values if value.is_set and value.text), values[-1])

    def line_finder(self, name: str) -> Callable[[str], int]:
        """Says of one word of a setting after the other on which physical line it stands."""
        setting = self.settings.get(name)
        if name in self.overrides or setting is None:
            line = self.overrides[name].line if name in self.overrides else 0
            return lambda _word: line
        lines = setting.word_lines()
        return lambda word: lines.get(word) or setting.line_of(word)


def with_domain(settings: Mapping[str, Setting]) -> Mapping[str, Setting]:
    """mydomain, where it is not set, is myhostname without its first part."""
    host = settings.get("myhostname")
    if host is None or "mydomain" in settings or "$" in host.value or "." not in host.value:
        return settings
    return {**settings, "mydomain": replace(host, name="mydomain", value=host.value.partition(".")[2])}


def live_services(services: Sequence[Service], scope: Scope) -> tuple[Service, ...]:
    """The services master(8) starts: the last of each name and type, without those that are disabled."""
    last = {(service.name, service.kind): service for service in services}
    disabled = split_outside_braces(scope.get(DISABLED).text)
    return tuple(service for service in last.values() if not is_disabled(service, disabled))


def assumed_services(main: str) -> tuple[Service, ...]:
    """What any master.cf holds, for a main.cf that came alone; they stand on no line."""
    columns = ("n", "-", "-", "-", "-")
    return (
        Service("smtp", "inet", *columns, "smtpd", (), (), main, 0, 0),
        Service("smtp", "unix", *columns, "smtp", (), (), main, 0, 0),
    )


def is_disabled(service: Service, disabled: Iterable[str]) -> bool:
    """Whether master_service_disable names the type, or name and type; the first match decides."""
    names = {service.kind, service.label, f"{service.name}.{service.kind}"}
    decided = (not each.startswith("!") for each in disabled if each.lstrip("!") in names)
    return next(decided, False)
