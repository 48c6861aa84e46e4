"""Reads the configuration file: all of it or none of it, and every mistake is named with file and key."""

from __future__ import annotations

import socket
import tomllib
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import urlsplit

from delivery.proxy.choice.reading import read_split
from delivery.proxy.settings import (
    SHORTEST_SECRET,
    Address,
    Authentication,
    BackendSettings,
    Configuration,
    ControlSettings,
    Identity,
    JournalSettings,
    Limits,
    Listener,
    PortalSettings,
    Security,
)
from delivery.proxy.tables import Table

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = Address("localhost", 1)
SECURITIES: tuple[Security, ...] = get_args(Security)
AUTHENTICATIONS: tuple[Authentication, ...] = get_args(Authentication)
IDENTITIES: tuple[Identity, ...] = get_args(Identity)
MOST_PROCESSES = 64
MOST_RECIPIENTS = 50_000  # each takes a slot of the journal's index
LOOPBACK = ("127.", "::1", "localhost")


class ConfigurationError(Exception):
    """`sentences` has one for each mistake, each beginning with the file."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def read_configuration(path: Path, *, key: Path | None = None) -> Configuration:
    """With a `key`, or one that the file itself names, only what the portal signed is taken."""
    content = _content(path)
    mistakes: list[str] = []
    found = _read(Table(_parsed(path, content), "", mistakes, path.absolute().parent), path.absolute())
    trusted = key or found.portal.key
    if trusted:
        mistakes += _unsigned(path, content, trusted)
    if mistakes:
        raise ConfigurationError(*(f"{path}: {mistake}" for mistake in mistakes))
    portal = replace(found.portal, key=trusted)
    return replace(found, portal=portal, digest=blake2b(content, digest_size=16).hexdigest())


def _unsigned(path: Path, content: bytes, key: Path) -> list[str]:
    from delivery.proxy.signature import SignatureError, check_signature  # loads what few configurations need

    try:
        check_signature(path, content, key)
    except SignatureError as error:
        return [str(error)]
    return []


def read_control(path: Path) -> tuple[ControlSettings, Path]:
    """Whom to ask, and the folder of the journal: also of a file in which other things are wrong."""
    mistakes: list[str] = []
    table = Table(_parsed(path, _content(path)), "", mistakes, path.absolute().parent)
    found = _control(table.table("control")), journal_folder(table)[1]
    if mistakes:
        raise ConfigurationError(*(f"{path}: {mistake}" for mistake in mistakes))
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}).") from error


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not UTF-8 at byte {error.start}.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}.") from error


def _read(table: Table, path: Path) -> Configuration:
    backends = table.table("backends")
    found = Configuration(
        path=path,
        listeners=_listeners(table),
        journal=_journal(table),
        old=_backend(backends, "old"),
        new=_backend(backends, "new"),
        split=read_split(table.table("split")),
        control=_control(table.table("control")),
        limits=_limits(table.table("limits")),
        portal=_portal(table.table("portal")),
        host_name=table.text("host_name", socket.gethostname()),
        processes=table.number("processes", 1, 1, MOST_PROCESSES),
        trace_header=table.text("trace_header"),
        redis=_pins(table.table("pins")),
        serial=table.number("serial", 0),
    )
    backends.end()
    table.end()
    _check_together(table, found)
    return found


def _listeners(table: Table) -> tuple[Listener, ...]:
    """`listen` alone, `[[listeners]]`, or both."""
    found = []
    if address := table.address("listen"):
        found.append(Listener(address))
    found += [
        _listener(one, f"listener {number}") for number, one in enumerate(table.tables("listeners", "listeners"), 1)
    ]
    if "listen" not in table and not found:
        table.wrong("listen", 'is missing. It says where mail is taken, as in "127.0.0.1:2525".')
    if len({one.name for one in found}) < len(found):
        table.wrong("listeners", "two have the same name. Rules and the journal tell them apart by it.")
    return tuple(found)


def _listener(table: Table, name: str) -> Listener:
    table.required("address", 'where mail is taken, as in "127.0.0.1:2525"')
    found = Listener(
        address=table.address("address") or NOWHERE,
        name=table.text("name", name),
        security=table.one_of("security", SECURITIES, "none"),
        certificate=table.readable("certificate"),
        key=table.readable("key"),
        balancers=table.texts("balancers"),
        authentication=table.one_of("authentication", AUTHENTICATIONS, "none"),
        users=table.readable("users"),
        requires_user=table.flag("requires_user"),
        cleartext_authentication=table.flag("cleartext_authentication"),
    )
    if found.security != "none" and "certificate" not in table:
        table.wrong("certificate", f'is missing: security = "{found.security}" needs it.')
    if found.authentication == "file" and "users" not in table:
        table.wrong("users", 'is missing: authentication = "file" needs a file of users.')
    table.end()
    return found


def _journal(table: Table) -> JournalSettings:
    from delivery.proxy.journal.settings import Settings  # its package is more than control has to wait for

    inner, folder, plain = *journal_folder(table), Settings()
    if inner is None:
        return JournalSettings(folder, plain)
    settings = Settings(
        retry_window=inner.seconds("retry_window", plain.retry_window),
        unknown_window=inner.seconds("unknown_window", plain.unknown_window),
        retention=inner.seconds("retention", plain.retention),
        segment_bytes=inner.size("segment", plain.segment_bytes),
        patience=inner.seconds("patience", plain.patience),
        secret=_secret(inner, "recipients_key"),
    )
    if settings.retention < max(settings.retry_window, settings.unknown_window):
        inner.wrong("retention", "is shorter than a window: a retry is only recognised while its entry is kept.")
    inner.end()
    return JournalSettings(folder, settings)


def journal_folder(table: Table) -> tuple[Table | None, Path]:
    """`journal = "DIR"`, or a table with `folder` and more."""
    if not isinstance(table.values.get("journal"), dict):
        table.required("journal", "in which folder the journal stands")
        return None, table.file("journal") or table.folder
    inner = table.table("journal")
    inner.required("folder", "in which folder the journal stands")
    return inner, inner.file("folder") or inner.folder


def _secret(table: Table, key: str) -> bytes:
    path = table.readable(key)
    secret = path.read_bytes().strip() if path else b""
    if path and len(secret) < SHORTEST_SECRET:
        table.wrong(key, f"{path} holds fewer than {SHORTEST_SECRET} bytes: recipients could be guessed from it.")
    return secret


def _backend(backends: Table, side: Literal["old", "new"]) -> BackendSettings:
    table = backends.table(side, f"[backends.{side}]")
    table.required("address", f"where the {side} MTA takes mail")
    plain = BackendSettings(table.address("address") or NOWHERE)
    found = BackendSettings(
        address=plain.address,
        security=table.one_of("security", SECURITIES, "none"),
        authority=table.readable("authority"),
        server_name=table.text("server_name"),
        verified=table.flag("verified", default=True),
        identity=table.one_of("identity", IDENTITIES, "none"),
        user=table.text("user"),
        password=table.text("password"),
        connections=table.number("connections", plain.connections, 1, 100_000),
        idle=table.seconds("idle", plain.idle),
    )
    if bool(found.user) != bool(found.password):
        table.wrong("password", "and user go together: one of them is missing.")
    table.end()
    return found


def _control(table: Table) -> ControlSettings:
    found = ControlSettings(table.address("listen"), table.text("token"), table.file("socket"))
    if found.listen and not found.listen.host.startswith(LOOPBACK):
        table.wrong("listen", f"{found.listen.host} can be reached from elsewhere. Control listens on loopback only.")
    if found.listen and not found.token:
        table.wrong("token", "is missing: whoever knows it may move the mail, nobody else.")
    table.end()
    return found


def _limits(table: Table) -> Limits:
    plain = Limits()
    found = Limits(
        sessions=table.number("sessions", plain.sessions, 1),
        sessions_per_client=table.number("sessions_per_client", plain.sessions_per_client),
        recipients=table.number("recipients", plain.recipients, 1, MOST_RECIPIENTS),
        message=table.size("message", plain.message),
        command_line=table.number("command_line", plain.command_line, 512, 1_000_000),
        errors=table.number("errors", plain.errors, 1),
        connect=table.seconds("connect", plain.connect),
        hold=table.seconds("hold", plain.hold),
        command=table.seconds("command", plain.command),
        block=table.seconds("block", plain.block),
        dot=table.seconds("dot", plain.dot),
        drain=table.seconds("drain", plain.drain),
    )
    table.end()
    return found


def _portal(table: Table) -> PortalSettings:
    found = PortalSettings(
        table.readable("key"), table.text("counters"), table.text("token"), table.seconds("every", 60.0)
    )
    if found.counters and _scheme(found.counters) not in {"http", "https"}:
        table.wrong("counters", "has to be an address that begins with https:// or http://.")
    table.end()
    return found


def _pins(table: Table) -> str:
    found = table.text("redis")
    if found and _scheme(found) not in {"redis", "rediss", "unix"}:
        table.wrong("redis", "has to be an address that begins with redis://, rediss:// or unix://.")
    table.end()
    return found


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:
        return ""


def _check_together(table: Table, found: Configuration) -> None:
    if found.old.address == found.new.address != NOWHERE:
        table.wrong("backends", f"old and new are both {found.old.address}: they have to be two.")
    addresses = [one.address for one in found.listeners]
    if {found.old.address, found.new.address} & set(addresses):
        table.wrong("listeners", "the proxy would send mail to itself: a backend has the address of a listener.")
    names = {one.name for one in found.listeners}
    for rule in (*found.split.stay, *found.split.rules):
        for name in sorted(rule.condition.listeners - names):
            table.wrong(
                "split", f"{rule.name} asks for the listener {name}, which is none of {', '.join(sorted(names))}."
            )
