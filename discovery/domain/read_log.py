"""The slow half of a mail log: unpacks, measures and writes nothing. It loads numpy: imported by the job alone."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from discovery.domain.store_log_reading import LogSays
from discovery.domain.store_upload import Refusal
from discovery.maillog.days import day_rows, hour_rows
from discovery.maillog.figures import figures_of
from discovery.maillog.files import LogTooLarge, blocks_of, opened
from discovery.maillog.reading import put_together, read_part
from discovery.models import LogReading, UnreadLog
from discovery.sealing import unseal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discovery.domain.store_upload import Tell

LARGEST_UNPACKED = 4 * 1024**3  # bytes; a packed file that holds more is read as far as this


def read_log(log: LogReading, *, tell: Tell) -> LogSays | Refusal:
    """Unpack and measure. Writes nothing but progress through `tell`."""
    content = unseal(bytes(UnreadLog.objects.get(reading=log).sealed))
    tell(0, 1, f"Reading {log.filename}")
    key = hashlib.sha256(settings.FINGERPRINT_KEY.encode()).digest()
    part = read_part(log.filename, _bounded_blocks(content), key)
    whole = put_together([[part]], key=key, zone=ZoneInfo(log.zone))
    figures = figures_of(whole)
    if not figures.understood:
        sentence = f"There is no line about a message of Postfix among the {figures.lines:,} lines of {log.filename}."
        return Refusal(" ".join([sentence, *figures.troubles]))
    tell(1, 1, f"{figures.lines:,} lines read")
    return LogSays(figures, tuple(day_rows(whole)), tuple(hour_rows(whole)))


def _bounded_blocks(content: bytes) -> Iterator[bytes]:
    """Raises LogTooLarge, which the reader takes for a file that breaks off, where too much comes out of it."""
    left = LARGEST_UNPACKED
    for block in blocks_of(opened(BytesIO(content))):
        left -= len(block)
        if left < 0:
            raise LogTooLarge(f"more than {LARGEST_UNPACKED // 1024**3} GB unpacked")
        yield block
