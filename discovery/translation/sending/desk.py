"""What the builders of an estate share: the instance, its values with their lines, and a list of refusals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from discovery.postfix import Bundle, Instance, MapUse, Service
from discovery.postfix.braces import inside_braces, is_braced, split_outside_braces
from discovery.postfix.maps import entries_of
from discovery.postfix.places import Place, find_file
from discovery.postfix.routes import RECIPIENT_TRANSPORTS, SENDER_RELAYS, SENDER_TRANSPORTS
from discovery.postfix.scope import Scope, Value, assumed_services, live_services
from discovery.postfix.tables import FILE_KINDS, SERVER_KINDS, Entry, read_rows
from discovery.translation.sending.measures import UnreadableValueError, count_of, seconds_of, size_of
from discovery.translation.sending.model import Origin, Refusal, Stated


@dataclass(frozen=True, slots=True)
class Desk:
    """One instance on the table. `refusals` grows while the estate is read; nothing else changes."""

    bundle: Bundle
    place: Place
    main_file: str
    instance: Instance
    scope: Scope
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def services(self) -> tuple[Service, ...]:
        """What master(8) starts; a main.cf that came alone is read as if beside the usual master.cf."""
        return live_services(self.instance.services, self.scope) or usual_services(self.main_file)

    def refuse(self, origin: Origin, text: str, reason: str) -> None:
        self.refusals.append(Refusal(origin, text, reason))

    def refuse_table(self, table: MapUse, reason: str) -> None:
        """A table whose rows are not known; where they would choose a way, it is said what becomes of the mail."""
        more = f" {DEFAULT_WAY}" if table.parameter in CHOOSING else ""
        self.refuse(Origin(table.file, table.line, table.parameter), f"{table.kind}:{table.path}", f"{reason}{more}")

    def text(self, scope: Scope, *names: str) -> Stated[str]:
        """The first of these parameters that some line sets, else the default of the first."""
        values = [scope.get(name) for name in names]
        value = next((each for each in values if each.is_set), values[0])
        return Stated(value.text.strip(), origin_of(value))

    def switch(self, scope: Scope, name: str) -> Stated[bool]:
        value = scope.get(name)
        return Stated(value.is_on, origin_of(value))

    def count(self, scope: Scope, *names: str) -> Stated[int]:
        return self.number(self.text(scope, *names), count_of, self.default(names[0]))

    def size(self, scope: Scope, name: str) -> Stated[int]:
        return self.number(self.text(scope, name), size_of, self.default(name))

    def time(self, scope: Scope, *names: str, unit: str = "s") -> Stated[int]:
        """Seconds; `unit` is what a bare number counts in."""
        return self.number(self.text(scope, *names), lambda text: seconds_of(text, unit), self.default(names[0]))

    def default(self, name: str) -> str:
        """Postfix's own value of a parameter in this instance without its main.cf."""
        return Scope({}, self.scope.config_directory).get(name).text

    def number(self, stated: Stated[str], read: Callable[[str], int], default: str) -> Stated[int]:
        """A refused value leaves Postfix's default, which is how the daemon would not start: it is told."""
        try:
            return Stated(read(stated.value), stated.origin)
        except UnreadableValueError as unreadable:
            if stated.origin is None:
                return Stated(0)
            self.refuse(stated.origin, stated.value, str(unreadable))
            return Stated(read(default))

    def elements(self, name: str, scope: Scope | None = None) -> Iterator[Stated[str]]:
        """The elements of a list, those of files it names included, each with its own line."""
        value = (scope or self.scope).get(name)
        for element in split_outside_braces(value.text):
            if element.startswith("/"):
                yield from self.lines_of(element, value)
            else:
                yield Stated(element, self.line_in(value, element))

    def lines_of(self, path: str, value: Value) -> Iterator[Stated[str]]:
        source = find_file(self.bundle, self.place, path)
        if not source:
            if origin := origin_of(value):
                self.refuse(origin, path, "The file is not in the upload, so what it lists is not known.")
            return
        for entry in read_rows(self.bundle.files[source].text):
            yield Stated(entry.key, Origin(source, entry.line, value.name))

    def line_in(self, value: Value, text: str) -> Origin | None:
        """The physical line of a long setting on which an element stands."""
        if not value.is_set:
            return None
        setting = self.scope.settings.get(value.name)
        is_own = setting is not None and (setting.file, setting.line) == (value.file, value.line)
        return Origin(value.file, setting.line_of(text) if setting and is_own else value.line, value.name)

    def tables(self, *parameters: str) -> Iterator[MapUse]:
        """The tables some parameters name, in their order."""
        for parameter in parameters:
            yield from (table for table in self.instance.maps if table.parameter == parameter)

    def rows(self, table: MapUse) -> Iterator[tuple[Entry, Origin]]:
        """The rows of a table; one that is not in the bundle, or asks a server, is refused once."""
        at = Origin(table.file, table.line, table.parameter)
        if table.kind == "inline":
            yield from ((Entry(key, value, table.line), at) for key, value in inline_rows(table.path))
            return
        if table.kind == "static":
            yield Entry(EVERY_KEY, written(table.path), table.line), at
            return
        if not table.source or table.entries is None or table.kind in SERVER_KINDS:
            is_file = table.kind in FILE_KINDS - SERVER_KINDS
            self.refuse_table(table, ABSENT if is_file else ELSEWHERE)
            return
        for entry in entries_of(self.bundle, table.parameter, table.kind, table.source):
            yield entry, Origin(table.source, entry.line, entry.key)


def usual_services(main: str) -> tuple[Service, ...]:
    """What a main.cf that came alone is read beside: entrance and way out, and the transports that tables name."""
    assumed = assumed_services(main)
    sender = assumed[-1]
    return (*assumed, *(replace(sender, name=name, command=command) for name, command in USUAL_TRANSPORTS))


USUAL_TRANSPORTS = (
    ("relay", "smtp"), ("error", "error"), ("retry", "error"), ("discard", "discard"), ("local", "local"),
    ("virtual", "virtual"), ("lmtp", "lmtp"),
)  # fmt: skip
EVERY_KEY = "every key"
CHOOSING = frozenset({RECIPIENT_TRANSPORTS, SENDER_TRANSPORTS, SENDER_RELAYS})
DEFAULT_WAY = "Mail of its rows takes the default way until this is settled."
ABSENT = "The rows of this table are not in the upload, so they are not carried over."
ELSEWHERE = "This table asks something outside the configuration, so its rows are not known here."


def inline_rows(path: str) -> Iterator[tuple[str, str]]:
    """The rows of `inline:{ key=value, { key = a value } }` (DATABASE_README)."""
    for word in split_outside_braces(inside_braces(path)[0]) if is_braced(path) else ():
        key, _, value = written(word).partition("=")
        yield key.strip(), value.strip()


def written(text: str) -> str:
    """What stands in braces, else the text itself."""
    return inside_braces(text)[0].strip() if is_braced(text) else text


def origin_of(value: Value) -> Origin | None:
    return Origin(value.file, value.line, value.name) if value.is_set else None


def service_origin(service: Service) -> Origin:
    return Origin(service.file, service.line, service.name)
