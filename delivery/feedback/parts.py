"""A message taken apart, as far as a report needs: iteratively, within limits, never into what was sent on.

The standard library's parser goes into every part of every returned message, recursively and without a limit; here it
reads headers alone.
"""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import compat32
from typing import TYPE_CHECKING

from delivery.feedback.limits import Unreadable

if TYPE_CHECKING:
    from email.message import Message

    from delivery.feedback.limits import Limits

NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
CHARSETS = re.compile(
    r"utf-?8|us-ascii|iso-?8859-?\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|iso-2022-(jp|kr)|shift_?jis|euc-(jp|kr)"
    r"|gb(2312|k|18030)|big5"
)  # what mail is written in; some codecs of Python take time that grows with the square of a text
END_OF_HEADER = re.compile(rb"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that holds no further parts. `body` is as it came, in its transfer encoding."""

    kind: str
    headers: Message
    body: bytes

    def content(self) -> bytes:
        """Decoded. Damage is passed over: what can be read is read."""
        encoding = named(self.headers, "Content-Transfer-Encoding").lower()
        if encoding == "base64":
            letters = NOT_BASE64.sub(b"", self.body)
            return base64.b64decode(letters[: len(letters) // 4 * 4] + _rest(letters))
        return quopri.decodestring(self.body) if encoding == "quoted-printable" else self.body

    def text(self) -> str:
        return in_letters(self.content(), self.headers.get_param("charset"))


def _rest(letters: bytes) -> bytes:
    """The last group of base64 with what is missing of it; one letter alone says nothing."""
    rest = letters[len(letters) // 4 * 4 :]
    return rest.ljust(4, b"=") if len(rest) > 1 else b""


def in_letters(content: bytes, charset: object = None) -> str:
    name = str(charset or "").strip().lower()
    if CHARSETS.fullmatch(name):
        try:
            return content.decode(name, "replace")
        except LookupError:
            return content.decode("latin-1")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def named(headers: Message, name: str) -> str:
    """The first field of that name on one line, "" without one."""
    return next(iter(all_named(headers, name)), "")


def all_named(headers: Message, name: str) -> list[str]:
    wanted = name.lower()
    return [" ".join(_letters(value).split()) for field, value in headers.raw_items() if field.lower() == wanted]


def _letters(value: object) -> str:
    """Bytes beyond ASCII, which the parser keeps as lone surrogates, become what they are in UTF-8."""
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def with_line_feeds(raw: bytes) -> bytes:
    """Lines end with a line feed alone, whatever the sending system wrote."""
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def headers_of(block: bytes) -> Message:
    return BytesParser(policy=compat32).parsebytes(block, headersonly=True)


def split_header(raw: bytes, limits: Limits) -> tuple[Message, bytes]:
    """Header and body of a message or part. Raises Unreadable for a header beyond the limit."""
    if raw.startswith(b"\n"):
        return headers_of(b""), raw[1:]
    end = END_OF_HEADER.search(raw)
    block = raw[: end.start()] if end else raw
    if len(block) > limits.header_bytes:
        raise Unreadable(f"A header in it is longer than {limits.header_bytes // 1024:,} kB.")
    return headers_of(block), raw[end.end() :] if end else b""


def parts_of(raw: bytes, limits: Limits) -> tuple[Message, list[Part]]:
    """The header of a message and its parts in their order. Raises Unreadable for one that is beyond a limit."""
    if len(raw) > limits.message_bytes:
        raise Unreadable(f"It is larger than {limits.message_bytes // 1024 // 1024} MB.")
    top, body = split_header(with_line_feeds(raw), limits)
    found, waiting = list[Part](), [(top, body, 1)]
    while waiting:
        headers, body, depth = waiting.pop()
        inner = _inside(headers, body, limits)
        if inner is None:
            found.append(Part(headers.get_content_type(), headers, body))
        elif depth >= limits.depth:
            raise Unreadable(f"Its parts are nested more than {limits.depth} deep.")
        else:
            waiting += [(*split_header(piece, limits), depth + 1) for piece in reversed(inner)]
        if len(found) + len(waiting) > limits.parts:
            raise Unreadable(f"It has more than {limits.parts} parts.")
    return top, found


def _inside(headers: Message, body: bytes, limits: Limits) -> list[bytes] | None:
    """The pieces between the boundary lines; None for what is no multipart or never shows its boundary."""
    if headers.get_content_maintype() != "multipart":
        return None
    boundary = str(headers.get_boundary() or "").encode("utf-8", "surrogateescape")
    if not boundary:
        return None
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$\n?", re.MULTILINE)
    starts, pieces = -1, list[bytes]()
    for mark in line.finditer(body):
        if starts >= 0:
            pieces.append(body[starts : mark.start()])
        starts = mark.end()
        if mark[1] or len(pieces) > limits.parts:
            break
    else:
        if starts >= 0:
            pieces.append(body[starts:])
    return pieces or None
