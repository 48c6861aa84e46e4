"""Calendar entries (RFC 5545): one that a mail carries to invite, move or withdraw; many that a calendar follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

MEDIA_TYPE = "text/calendar"
_WIDEST = 75  # octets of a line, without its end
_FIRST_BITS, _CONTINUES = 0b1100_0000, 0b1000_0000  # of an octet that begins no character in UTF-8
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


@dataclass(frozen=True, slots=True)
class Followed:
    """What a calendar shows that follows the portal: a whole day, or moments. `uid` stays the same for good."""

    uid: str
    written_at: datetime
    title: str
    url: str
    day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    text: str = ""
    is_cancelled: bool = False


def calendar_feed(name: str, entries: Iterable[Followed]) -> bytes:
    """The bytes of a calendar that others follow; the same entries give the same bytes."""
    return b"".join(_folded(line) for line in _feed_lines(name, entries))


def _feed_lines(name: str, entries: Iterable[Followed]) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Gatepost//Calendar//EN"
    yield f"NAME:{_text(name)}"  # RFC 7986
    yield f"X-WR-CALNAME:{_text(name)}"  # what older programs read instead
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT4H"
    for entry in entries:
        yield from _followed_lines(entry)
    yield "END:VCALENDAR"


def _followed_lines(entry: Followed) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{_moment(entry.written_at)}"
    yield from _span(entry)
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.text:
        yield f"DESCRIPTION:{_text(entry.text)}"
    yield f"URL:{_bare(entry.url)}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"  # it takes nobody's time: whether one comes is for the invitation
    yield "END:VEVENT"


def _span(entry: Followed) -> Iterator[str]:
    """The end of a whole day is the next one (RFC 5545, 3.6.1). A day has no zone: it is the customer's."""
    if entry.day is not None:
        yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
    elif entry.starts_at is not None:
        yield f"DTSTART:{_moment(entry.starts_at)}"
        yield f"DTEND:{_moment(entry.ends_at or entry.starts_at)}"
    else:
        raise ValueError(f"{entry.uid} has neither a day nor moments")


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
    return words if words.isprintable() else "".join(sign for sign in words if sign.isprintable())


def _folded(line: str) -> bytes:
    """Lines of at most 75 octets, cut between characters; what follows begins with a blank."""
    octets = line.encode()
    if len(octets) <= _WIDEST:
        return octets + b"\r\n"
    pieces, start = [], 0
    while start < len(octets):
        end = _cut(octets, start + _WIDEST - (1 if start else 0))
        pieces.append(octets[start:end])
        start = end
    return b"\r\n ".join(pieces) + b"\r\n"


def _cut(octets: bytes, place: int) -> int:
    """The last place up to this one at which a character begins, or the end."""
    while place < len(octets) and octets[place] & _FIRST_BITS == _CONTINUES:
        place -= 1
    return min(place, len(octets))
