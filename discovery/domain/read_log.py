"""The slow half of a mail log: unpacks, measures and writes nothing. It loads numpy: imported by the job alone."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from django.conf import settings

from core.uploads import MEGABYTE, size_in_words
from discovery.domain.store_log_reading import LogSays
from discovery.domain.store_upload import Refusal
from discovery.maillog.days import day_rows, hour_rows
from discovery.maillog.figures import figures_of
from discovery.maillog.files import blocks_of, opened
from discovery.maillog.reading import put_together, read_part
from discovery.waiting_log import WaitingLog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.jobs import Tell
    from discovery.models import LogReading


def read_log(log: LogReading, *, tell: Tell) -> LogSays | Refusal:
    """Unpack and measure, block by block. Writes nothing but progress through `tell`."""
    total = log.byte_count // MEGABYTE + 1
    sentence = f"Reading {log.filename}, {total:,} MB as it was sent"
    waiting = WaitingLog(log.unread, told=lambda opened: tell(opened // MEGABYTE, total, sentence))
    bounded = BoundedLog(waiting, settings.LOG_UNPACKED_LIMIT_BYTES)
    key = hashlib.sha256(settings.FINGERPRINT_KEY.encode()).digest()
    part = read_part(log.filename, bounded.blocks(), key)
    part.trouble = part.trouble or _left_out(log, bounded, part.tally.totals["lines"])
    whole = put_together([[part]], key=key, zone=ZoneInfo(log.zone))
    figures = figures_of(whole)
    if not figures.understood:
        sentence = f"There is no line about a message of Postfix among the {figures.lines:,} lines of {log.filename}."
        return Refusal(" ".join([sentence, *figures.troubles]))
    tell(total, total, f"{figures.lines:,} lines read")
    return LogSays(figures, tuple(day_rows(whole)), tuple(hour_rows(whole)))


class BoundedLog:
    """The blocks of a log, up to a number of unpacked bytes: a small file may hold far more than any disk."""

    def __init__(self, waiting: WaitingLog, limit: int) -> None:
        """Read from `waiting`; `has_more` says afterwards whether it went on."""
        self.waiting, self.left, self.has_more = waiting, limit, False

    def blocks(self) -> Iterator[bytes]:
        for block in blocks_of(opened(cast("IO[bytes]", self.waiting))):
            self.left -= len(block)
            if self.left < 0:
                self.has_more = True
                return
            yield block


def _left_out(log: LogReading, bounded: BoundedLog, lines: int) -> str:
    """What was read and what was left, for a file that holds more than is read; else nothing."""
    if not bounded.has_more:
        return ""
    limit = size_in_words(settings.LOG_UNPACKED_LIMIT_BYTES)
    rest = (log.byte_count - bounded.waiting.opened) // MEGABYTE
    return (
        f"{log.filename} holds more than {limit} when it is unpacked, which is as far as a log is read: "
        f"its first {lines:,} lines were counted, the rest was left, among it the last {rest:,} MB of what was sent. "
        "Cut the log into smaller files by days and upload those that follow."
    )
