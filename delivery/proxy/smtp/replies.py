"""Replies: those that come from a backend, cut out of its bytes and kept as they came, and the proxy's own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST_LINE = 4_096
LONGEST_REPLY = 65_536
SHORT = 512
START_MAIL_INPUT = 354
CLOSING = 421
ONE_LINE = rb"[0-9]{3} [^\r\n]*\r\n"
LINES_OF_ONE = re.compile(rb"(?:%b)+" % ONE_LINE).fullmatch
EACH = re.compile(ONE_LINE).findall


class BrokenReplyError(Exception):
    """What a backend sent is no reply. The text says what it was."""


class Reply(NamedTuple):
    """`raw` holds every line with its end."""

    code: int
    raw: bytes

    @property
    def is_positive(self) -> bool:
        return 200 <= self.code < 300  # noqa: PLR2004 (the classes of RFC 5321 4.2.1)

    @property
    def is_transient(self) -> bool:
        return 400 <= self.code < 500  # noqa: PLR2004 (the classes of RFC 5321 4.2.1)

    @property
    def text(self) -> str:
        """On one line, for people."""
        return " / ".join(self.raw.decode("utf-8", "replace").split("\r\n")).strip(" /")


class ReplyReader:
    """Cuts a stream into replies. A line may end with a bare LF, as some servers write it: passed on with CRLF."""

    __slots__ = ("lines", "rest", "size")

    def __init__(self) -> None:
        self.rest = b""
        self.lines: list[bytes] = []
        self.size = 0

    @property
    def is_empty(self) -> bool:
        return not self.rest and not self.lines

    def feed(self, chunk: bytes) -> list[Reply]:
        """Raises BrokenReplyError; nothing that comes after can be told apart then."""
        if not self.rest and not self.lines and len(chunk) < SHORT and (replies := read_short(chunk)):
            return [*replies]  # as nearly always
        data = self.rest + chunk if self.rest else chunk
        *whole, self.rest = data.split(b"\n")
        if len(self.rest) > LONGEST_LINE:
            raise BrokenReplyError(f"a line of more than {LONGEST_LINE} bytes")
        return [reply for line in whole if (reply := self._take(line.removesuffix(b"\r")))]

    def _take(self, line: bytes) -> Reply | None:
        mark = line[3:4]
        if not line[:3].isdigit() or len(line) < 3 or (mark and mark not in b" -"):  # noqa: PLR2004 (three digits)
            raise BrokenReplyError(f"{line[:80]!r} is no reply")
        self.size += len(line)
        if len(line) > LONGEST_LINE or self.size > LONGEST_REPLY:
            raise BrokenReplyError(f"a reply of more than {LONGEST_REPLY} bytes")
        self.lines.append(line)
        if mark == b"-":
            return None
        raw = b"\r\n".join([*self.lines, b""])
        self.lines, self.size = [], 0
        return Reply(int(line[:3]), raw)


@lru_cache(maxsize=256)  # servers repeat themselves
def read_short(chunk: bytes) -> tuple[Reply, ...]:
    """Of a chunk of whole replies of one line each; else none."""
    return tuple(Reply(int(line[:3]), line) for line in EACH(chunk)) if LINES_OF_ONE(chunk) else ()


def own(code: int, enhanced: str, text: str) -> Reply:
    return Reply(code, f"{code} {enhanced} {text}\r\n".encode())


START_INPUT = Reply(START_MAIL_INPUT, b"354 End data with <CR><LF>.<CR><LF>\r\n")
OK = own(250, "2.0.0", "Ok")
BYE = own(221, "2.0.0", "Bye")
READY_FOR_TLS = own(220, "2.0.0", "Ready to start TLS")
SHUTTING_DOWN = own(421, "4.3.2", "The proxy is shutting down, try again later")
TOO_MANY_SESSIONS = own(421, "4.7.0", "Too many connections, try again later")
TOO_MANY_ERRORS = own(421, "4.7.0", "Too many errors")
IDLE_TOO_LONG = own(421, "4.4.2", "Nothing was heard for too long")
TOO_SLOW = own(421, "4.4.2", "The message came too slowly")
TOO_SLOW_FOR_OTHERS = own(451, "4.4.2", "This message came so slowly that others had to wait; try again later")
BACKEND_UNREACHABLE = own(451, "4.4.1", "The mail server behind cannot be reached, try again later")
BACKEND_LOST = own(451, "4.4.2", "The connection to the mail server behind was lost, try again later")
NOT_CONVERTED = own(451, "4.6.3", "The mail server behind does not take such a message; try again in a new session")
FAULT = own(451, "4.3.0", "The proxy failed, the session ends; try again later")
OUTCOME_UNKNOWN = own(451, "4.4.2", "The reply to this message was lost; try again, it goes to the same mail server")
ENVELOPE_CHANGED = own(451, "4.3.0", "The mail servers behind disagree on this envelope, try again later")
NO_JOURNAL = own(451, "4.3.0", "The journal cannot be written, nothing is taken now; try again later")
IN_FLIGHT = own(451, "4.5.0", "The same message is being delivered at this moment, try again later")
OTHER_BACKEND = own(452, "4.5.3", "This recipient takes another way; send it in a transaction of its own")
TOO_MANY_RECIPIENTS = own(452, "4.5.3", "Too many recipients")
NOT_IMPLEMENTED = own(502, "5.5.1", "Command not implemented")
NOT_RECOGNISED = own(500, "5.5.2", "Command not recognised")
LINE_TOO_LONG = own(500, "5.5.6", "Line too long")
BARE_LINE_END = own(500, "5.5.2", "Lines end with <CR><LF> and hold no other <CR>, <LF> or <NUL>")
BAD_SEQUENCE = own(503, "5.5.1", "Bad sequence of commands")
NO_RECIPIENTS = own(554, "5.5.1", "No valid recipients")
HELLO_FIRST = own(503, "5.5.1", "Send EHLO or HELO first")
HELLO_NEEDS_NAME = own(501, "5.5.4", "EHLO and HELO take a host name")
AUTHENTICATE_FIRST = own(530, "5.7.0", "Authentication required")
NO_ARGUMENTS = own(501, "5.5.4", "This command takes no arguments")
MESSAGE_TOO_BIG = own(552, "5.3.4", "The message is larger than is taken here")
AMBIGUOUS_END = own(550, "5.5.2", "A dot alone on its line, but the line ends are not <CR><LF>: refused")
AUTHENTICATED = own(235, "2.7.0", "Authentication successful")
ALREADY_AUTHENTICATED = own(503, "5.5.1", "Already authenticated")
ENCRYPT_FIRST = own(538, "5.7.11", "Encryption is required for authentication: send STARTTLS first")
NO_SUCH_MECHANISM = own(504, "5.5.4", "The mechanisms are PLAIN and LOGIN")
BAD_CREDENTIALS = own(535, "5.7.8", "Authentication failed")
CANNOT_CHECK = own(454, "4.7.0", "Authentication cannot be checked just now, try again later")
CANCELLED = own(501, "5.7.0", "Authentication cancelled")
NOT_BASE64 = own(501, "5.5.2", "That is not base64")
CANNOT_VERIFY = own(252, "2.5.2", "Send some mail, the mail server behind will tell")
