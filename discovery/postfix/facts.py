"""Facts of one configuration, each with file and line. Frozen; `as_json` methods give plain values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from discovery.postfix.braces import split_with_offsets
from discovery.postfix.lines import LogicalLine, Piece


def plain(fact: Any) -> dict[str, Any]:
    """A dataclass as it looks after a way through JSON: tuples are lists, at every depth."""
    return {name: unfrozen(value) for name, value in asdict(fact).items()}


def unfrozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: unfrozen(each) for name, each in value.items()}
    return [unfrozen(each) for each in value] if isinstance(value, (list, tuple)) else value


@dataclass(frozen=True, slots=True)
class HiddenSecret:
    """A secret that was masked: where and of what kind, never what it was."""

    path: str
    line: int
    kind: str
    fingerprint: str

    def as_json(self) -> dict[str, Any]:
        return {"file": self.path, "line": self.line, "kind": self.kind, "fingerprint": self.fingerprint}


@dataclass(frozen=True, slots=True)
class Setting:
    """One `name = value` of main.cf, unexpanded, white space joined as postconf prints it."""

    name: str
    value: str
    file: str
    line: int
    end_line: int = 0
    pieces: tuple[Piece, ...] = ()

    def line_of(self, text: str) -> int:
        """The physical line on which `text` stands first, else the setting's own line."""
        if len(self.pieces) < 2:  # noqa: PLR2004 (one line has no other)
            return self.line
        return next((piece.line for piece in self.pieces if text and text in piece.text), self.line)

    def word_lines(self) -> dict[str, int]:
        """`{word: physical line}` of the value as it is written, the first line of each word."""
        written = LogicalLine(self.pieces).text if self.pieces else ""
        start = written.find("=") + 1
        words = list(split_with_offsets(written[start:]))
        lines = LogicalLine(self.pieces).lines_at(start + offset for _, offset in words) if words else []
        return {word: line for (word, _), line in reversed(list(zip(words, lines, strict=True)))}

    def as_json(self) -> dict[str, Any]:
        return {"value": self.value, "file": self.file, "line": self.line}


@dataclass(frozen=True, slots=True)
class Override:
    """One `-o name=value` of a master.cf service, with the line it stands on."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Service:
    """One master.cf entry: eight columns, arguments and overrides, as `postconf -M` prints them."""

    name: str
    kind: str
    private: str
    unprivileged: str
    chroot: str
    wakeup: str
    maxproc: str
    command: str
    arguments: tuple[str, ...]
    overrides: tuple[Override, ...]
    file: str
    line: int
    end_line: int

    @property
    def label(self) -> str:
        """`smtp/inet`, as postconf names a service."""
        return f"{self.name}/{self.kind}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (
            self.name, self.kind, self.private, self.unprivileged,
            self.chroot, self.wakeup, self.maxproc, self.command,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": self.kind,
            "private": self.private,
            "unpriv": self.unprivileged,
            "chroot": self.chroot,
            "wakeup": self.wakeup,
            "maxproc": self.maxproc,
            "command": " ".join((self.command, *self.arguments)),
            "program": self.command,
            "arguments": list(self.arguments),
            "overrides": {override.name: override.value for override in self.overrides},
            "file": self.file,
            "line": self.line,
        }


@dataclass(frozen=True, slots=True)
class MapUse:
    """A lookup table that a parameter names; `source` is its file in the bundle, "" if absent or none."""

    kind: str
    path: str
    parameter: str
    file: str
    line: int
    service: str = ""
    source: str = ""
    entries: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.kind,
            "path": self.path,
            "parameter": self.parameter,
            "service": self.service,
            "file": self.file,
            "line": self.line,
            "source": self.source,
            "entries": self.entries,
        }


@dataclass(frozen=True, slots=True)
class Milter:
    """A mail filter by its socket; `product` is "custom" when the socket tells nothing.

    `host` and `port` of an inet socket, `path` of a unix one; `program` is what is usually run for the product.
    """

    product: str
    socket: str
    parameter: str
    function: str
    file: str
    line: int
    service: str = ""
    configuration: tuple[str, ...] = ()
    source: str = ""
    host: str = ""
    port: str = ""
    path: str = ""
    program: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.product,
            "socket": self.socket,
            "host": self.host,
            "port": self.port,
            "path": self.path,
            "program": self.program,
            "parameter": self.parameter,
            "function": self.function,
            "service": self.service,
            "file": self.file,
            "line": self.line,
            "configuration": list(self.configuration),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Transport:
    """A delivery agent of master.cf with what tells it from the others."""

    name: str
    program: str
    is_custom: bool
    file: str
    line: int
    bind_addresses: tuple[str, ...] = ()
    helo_name: str = ""
    argv: tuple[str, ...] = ()
    script: str = ""
    script_source: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "program": self.program,
            "custom": self.is_custom,
            "file": self.file,
            "line": self.line,
            "bind_addresses": list(self.bind_addresses),
            "helo_name": self.helo_name,
            "argv": list(self.argv),
            "script": self.script,
            "script_source": self.script_source,
            "settings": dict(self.settings),
        }


@dataclass(frozen=True, slots=True)
class Caller:
    """One line that runs a program."""

    role: str
    command: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Script:
    """A program of the customer's own.

    `roles` say who runs it (pipe, spawn, cron, timer, alias, milter, content_filter, policy) and `callers` where;
    `kind` is what it seems to be (see script_traits.yaml). `evidence` rows are (what, file, line, text).
    """

    path: str
    language: str
    lines: int
    roles: tuple[str, ...] = ()
    kind: str = "other"
    confidence: str = "guess"
    reads: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str, int, str], ...] = ()
    callers: tuple[Caller, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return plain(self)


@dataclass(frozen=True, slots=True)
class CronJob:
    """One line of a crontab, or one command of a systemd timer (`by` is cron or timer)."""

    schedule: str
    command: str
    file: str
    line: int
    user: str = ""
    by: str = "cron"
    kind: str = "other"
    confidence: str = "guess"

    def as_json(self) -> dict[str, Any]:
        return plain(self)


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A file the configuration points at that the bundle does not hold."""

    path: str
    parameter: str
    file: str
    line: int
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "parameter": self.parameter,
            "file": self.file,
            "line": self.line,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the reader noticed: kind is a short code (see rules), subject a name."""

    kind: str
    subject: str
    message: str
    file: str
    line: int
