"""Years for stamps that have none, and the hour of a figure in the zone that was asked for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from discovery.maillog.envelopes import MONTHS

if TYPE_CHECKING:
    from datetime import tzinfo

HALF_A_YEAR = 6
LEAP_YEARS_APART = 8
SLACK = timedelta(days=2)  # a clock that runs ahead, or a zone that was not stated
NO_YEAR = re.compile(rb"([A-Z][a-z]{2}) ([ \d]\d) (\d\d)")
YEAR_FIRST = re.compile(rb"(\d{4}) ([A-Z][a-z]{2}) ([ \d]\d) (\d\d)")
ISO = re.compile(rb"(\d{4})-(\d\d)-(\d\d)[T ](\d\d)")

Key = tuple[int, bytes, bytes]  # turns of the year before it in this part of a log, the hour as written, its offset


class Turns:
    """Counts the turns of the year while the hours of one part of a log pass by, in their order."""

    def __init__(self) -> None:
        """At the beginning of a part."""
        self.count = 0
        self.first_month = self.last_month = 0
        self.last: bytes = b""

    def key(self, hour: bytes, offset: bytes) -> Key:
        if month := _month_without_year(hour):
            self.count += turn_between(self.last_month, month)
            self.first_month = self.first_month or month
            self.last_month, self.last = month, hour
        return self.count, hour, offset

    def past(self, hour: bytes, offset: bytes) -> Key:
        """The key of an hour that passed by a little before: it may lie on the other side of a turn."""
        month = _month_without_year(hour)
        return self.count - turn_between(month, self.last_month), hour, offset


def turn_between(before: int, after: int) -> int:
    """1 from December to January, -1 for a straggler of December after the turn, otherwise 0."""
    if not before or abs(after - before) < HALF_A_YEAR:
        return 0
    return 1 if after < before else -1


def _month_without_year(hour: bytes) -> int:
    match = NO_YEAR.fullmatch(hour)
    return MONTHS.index(match[1]) + 1 if match and match[1] in MONTHS else 0


class Calendar:
    """Tells the moment of a key. The last stamp lies before `until`; earlier turns are earlier years."""

    def __init__(self, *, last: tuple[int, bytes] | None, until: datetime, zone: tzinfo | None) -> None:
        """`last` is the last stamp without a year with its turn; `zone` is where the figures are wanted."""
        self.zone = zone
        self.last_turn = last[0] if last else 0
        self.year = _year_of(last[1], until) if last else until.year

    def moment(self, key: Key) -> datetime | None:
        """The start of the hour, without a zone, as the clock on the wall showed it; None for what is no date."""
        turn, hour, offset = key
        try:
            return self._moment(turn, hour, offset)
        except (ValueError, OverflowError):
            return None

    def _moment(self, turn: int, hour: bytes, offset: bytes) -> datetime | None:
        if match := NO_YEAR.fullmatch(hour):
            return _at(self.year - (self.last_turn - turn), *match.groups())
        if match := YEAR_FIRST.fullmatch(hour):
            return _at(int(match[1]), *match.groups()[1:])
        if match := ISO.fullmatch(hour):
            written = datetime(*map(int, match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 (the offset follows)
            return self._in_zone(written, offset)
        return None

    def _in_zone(self, written: datetime, offset: bytes) -> datetime:
        if self.zone is None or not offset:
            return written
        moment = (written - _ahead(offset)).replace(tzinfo=UTC).astimezone(self.zone)
        return moment.replace(tzinfo=None, minute=0)


def _at(year: int, month: bytes, day: bytes, hour: bytes) -> datetime:
    number = MONTHS.index(month) + 1
    for earlier in range(LEAP_YEARS_APART + 1):  # only the 29th of February needs another year than the first tried
        try:
            return datetime(year - earlier, number, int(day), int(hour))  # noqa: DTZ001 (the wall of the host)
        except ValueError:
            if (number, int(day)) != (2, 29):
                raise
    raise ValueError("no such day")


def _year_of(hour: bytes, until: datetime) -> int:
    match = NO_YEAR.fullmatch(hour)
    if match is None or match[1] not in MONTHS:
        return until.year
    try:
        latest = _at(until.year, *match.groups())
    except ValueError:
        return until.year
    return latest.year if latest <= until.replace(tzinfo=None) + SLACK else latest.year - 1


def _ahead(offset: bytes) -> timedelta:
    """How far a zone is ahead of UTC."""
    if offset == b"Z":
        return timedelta(0)
    digits = offset[1:].replace(b":", b"")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    return -ahead if offset.startswith(b"-") else ahead
