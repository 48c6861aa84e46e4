"""A calendar entry (RFC 5545) that a mail carries: an invitation, its change, its withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MEDIA_TYPE = "text/calendar"
_WIDEST = 75  # octets of a line, without its end
_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n"))


@dataclass(frozen=True, slots=True)
class Party:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`sequence` grows with each change: a calendar takes the highest it has seen of a `uid`."""

    uid: str
    sequence: int
    written_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    text: str
    organizer: Party
    attendees: tuple[Party, ...]
    is_cancelled: bool = False
    location: str = ""


def calendar_file(entry: Entry) -> bytes:
    """The bytes of an .ics file. Raises ValueError for a moment without a zone."""
    return b"".join(_folded(line) for line in _lines(entry))


def _lines(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Gatepost//Calls//EN"
    yield f"METHOD:{'CANCEL' if entry.is_cancelled else 'REQUEST'}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_moment(entry.written_at)}"
    yield f"DTSTART:{_moment(entry.starts_at)}"
    yield f"DTEND:{_moment(entry.ends_at)}"
    yield f"SUMMARY:{_text(entry.title)}"
    yield f"DESCRIPTION:{_text(entry.text)}"
    if entry.location:
        yield f"LOCATION:{_text(entry.location)}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield f"ORGANIZER;CN={_quoted(entry.organizer.name)}:mailto:{_bare(entry.organizer.email)}"
    for party in entry.attendees:
        yield f"ATTENDEE;CN={_quoted(party.name)};RSVP=FALSE:mailto:{_bare(party.email)}"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _moment(moment: datetime) -> str:
    if moment.utcoffset() is None:
        raise ValueError("A calendar entry needs moments with a time zone")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for sign, escaped in _ESCAPES:
        words = words.replace(sign, escaped)
    return _bare(words)


def _quoted(name: str) -> str:
    """A parameter's value: it can hold no quotation mark at all."""
    return f'"{_bare(name.replace(chr(34), chr(39)))}"'


def _bare(words: str) -> str:
    """Without control characters: none of them may begin a line of its own."""
    return "".join(sign for sign in words if sign.isprintable())


def _folded(line: str) -> bytes:
    """Lines of at most 75 octets, cut between characters; what follows begins with a blank."""
    pieces, piece = [], b""
    for sign in line:
        octets = sign.encode()
        if len(piece) + len(octets) > _WIDEST:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
