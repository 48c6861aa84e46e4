"""Speaks IMAP (RFC 9051) with a mailbox: TLS verified, public addresses only, bounded, and nothing in it is changed."""

from __future__ import annotations

import imaplib
import re
import socket
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING, Any

from core.webhooks.posting import public_addresses
from delivery.feedback.limits import load_limits
from delivery.feedback.records import Strange

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    Connect = Callable[[str, int], socket.socket]

TLS, STARTTLS = 993, 143
UID = re.compile(rb"\bUID (\d{1,10})\b")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b")
NUMBER = re.compile(rb"\d{1,10}")
SPARE = 1 << 20  # bytes of what the server says around the messages


class Stopped(Exception):  # noqa: N818 (it is a sentence for people)
    """The server does not do what is asked of it; the text says what."""


@dataclass(frozen=True, slots=True)
class Account:
    """A port of 143 begins in the clear and is secured before anything is told; every other one speaks TLS at once."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    folder: str


@dataclass(frozen=True, slots=True)
class Folder:
    """Its messages have the numbers 1 to `held`; what its UIDs mean holds as long as `validity` stays the same."""

    held: int
    validity: int


def connect(host: str, port: int) -> socket.socket:
    """To the first of the very addresses that were looked at that answers. Raises AddressRefused, or OSError."""
    patience = load_limits().mailbox_patience
    failed, end = OSError("no address"), monotonic() + patience
    for address in public_addresses(host, port):
        if (left := end - monotonic()) <= 0:
            break  # all its addresses together have the time of one answer
        try:
            line = socket.create_connection((address, port), left)
        except OSError as error:
            failed = error
        else:
            line.settimeout(patience)
            return line
    raise failed


class Session(imaplib.IMAP4):
    """Takes no more bytes than a round may read, whatever the server says it sends."""

    def __init__(self, account: Account, line: socket.socket, trust: ssl.SSLContext) -> None:
        limits = load_limits()
        self._line, self._trust, self._account = line, trust, account
        self._left = limits.mailbox_bytes + limits.message_bytes + SPARE
        super().__init__(account.host, account.port)
        if account.port == STARTTLS:
            self.starttls(trust)

    def _create_socket(self, timeout: float | None) -> socket.socket:  # noqa: ARG002 (the line has its own)
        if self._account.port == STARTTLS:
            return self._line
        return self._trust.wrap_socket(self._line, server_hostname=self.host)

    def read(self, size: int) -> bytes:
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._spend(len(line))
        return line

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("more bytes than a round may take; it was left")

    def close(self) -> None:  # type: ignore[override]  # the connection, not the folder, as IMAP means it
        self.file.close()
        self.sock.close()

    def log_in(self) -> None:
        account = self._account
        if "AUTH=PLAIN" in self.capabilities:
            told = f"\0{account.username}\0{account.password}".encode()
            self.authenticate("PLAIN", lambda _: told)
        elif not (account.username + account.password).isascii():
            raise Stopped(f"{account.host} takes a name and a password in ASCII only.")
        else:
            self.login(quoted(account.username), account.password)

    def look_at_folder(self) -> Folder:
        """Opened for reading only: no message counts as seen."""
        state, told = self.select(quoted(self._account.folder), readonly=True)
        if state != "OK":
            raise Stopped(f"{self.host} does not open {self._account.folder} ({_words(told)}).")
        held, validity = _number(told[0]), _number(self.response("UIDVALIDITY")[1][0])
        if held is None or validity is None:
            raise Stopped(f"{self.host} does not say what UIDs mean in {self._account.folder} (no UIDVALIDITY).")
        return Folder(held, validity)

    def sizes(self, wanted: str) -> list[tuple[int, int]]:
        """UID and bytes of the messages with these numbers."""
        state, told = self.fetch(wanted, "(UID RFC822.SIZE)")
        if state != "OK":
            raise Stopped(f"{self.host} does not list its messages ({_words(told)}).")
        lines = [row for row in told if isinstance(row, bytes)]
        found = [(UID.search(line), SIZE.search(line)) for line in lines]
        return sorted((int(uid[1]), int(size[1])) for uid, size in found if uid and size)

    def message(self, uid: int) -> bytes | Strange | None:
        """None where there is none any more. One that the server cannot hand over is passed over, and counted."""
        state, told = self.uid("FETCH", str(uid), "(BODY.PEEK[])")
        if state != "OK":
            return Strange(uid, f"{self.host} does not hand this message over ({_words(told)}).")
        return next((row[1] for row in told if isinstance(row, tuple) and b"BODY[]" in row[0].upper()), None)


def _number(said: bytes | None) -> int | None:
    return int(said) if said and NUMBER.fullmatch(said) else None


def _words(told: list[Any]) -> str:
    said = b" ".join(row for row in told if isinstance(row, bytes)).decode("utf-8", "replace")
    return said or "no reason given"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@contextmanager
def opened(account: Account, trust: ssl.SSLContext, reach: Connect) -> Iterator[Session]:
    """A session that is logged in, and cut after its whole time."""
    line = reach(account.host, account.port)
    handle = line.dup()  # stays with the connection when TLS takes the line over
    limit = Timer(load_limits().mailbox_whole, _cut, [handle])
    limit.daemon = True
    limit.start()
    try:
        with closing(Session(account, line, trust)) as session:
            session.log_in()
            yield session
            with suppress(OSError, imaplib.IMAP4.error):  # all was heard: how it says good-bye changes nothing
                session.logout()
    finally:
        limit.cancel()
        _cut(handle)
        handle.close()
        line.close()


def _cut(handle: socket.socket) -> None:
    with suppress(OSError):  # the other side may have gone
        handle.shutdown(socket.SHUT_RDWR)
