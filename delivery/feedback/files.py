"""A file that somebody handed over: a mailbox, PowerMTA's accounting or KumoMTA's log, told by how it begins."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Protocol, cast

from delivery.feedback.limits import Unreadable, load_limits
from delivery.feedback.mailboxes import in_mbox, in_one, in_tar, is_mbox, is_message, is_tar
from delivery.feedback.message import Form, read_message
from delivery.feedback.records import Strange, read_accounting, read_json_lines
from discovery.postfix.unpacking import BROKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from delivery.feedback.items import Feedback

ACCOUNTING = re.compile(rb'(\xef\xbb\xbf)?("?type"?,|(d|b|t|tq|r|rb|rs|f),)')
RECORDS = re.compile(rb"(\xef\xbb\xbf)?\s*\{")
LOOKED_AT = 64 * 1024
MOST_STRANGE = 20


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class FileForm(StrEnum):
    """What a file holds."""

    MAIL = "mail"
    POWERMTA = "powermta"
    KUMOMTA = "kumomta"


@dataclass(slots=True)
class FileReading:
    """`passed` counts messages that say nothing of delivery, by what they are; `strange` holds the first few only."""

    form: FileForm
    items: dict[str, Feedback] = field(default_factory=dict)
    repeated: int = 0
    passed: Counter[Form] = field(default_factory=Counter)
    strange: list[Strange] = field(default_factory=list)
    strange_count: int = 0

    def take(self, one: Feedback | Strange) -> None:
        if isinstance(one, Strange):
            self.strange_count += 1
            self.strange += [one] if len(self.strange) < MOST_STRANGE else []
        elif one.identity in self.items:
            self.repeated += 1
        else:
            self.items[one.identity] = one


class _Bounded(io.RawIOBase):
    """At most so many bytes of a source that may give fewer than asked for; what is broken raises."""

    def __init__(self, source: Readable, limit: int) -> None:
        step = getattr(source, "read1", source.read)  # gives what comes before damage, where `read` would lose it
        self._step: Callable[[int], bytes] = step
        self._left = limit
        self._damage: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # the base names a wider type
        found = 0
        while found < len(buffer) and (piece := self._next(len(buffer) - found)):
            buffer[found : found + len(piece)] = piece
            found += len(piece)
        self._left -= found
        if self._left < 0:
            raise Unreadable("It is far larger than its packed size lets expect. Hand it over in parts.")
        if self._damage and not found:
            raise self._damage
        return found

    def _next(self, size: int) -> bytes:
        try:
            return b"" if self._damage else self._step(size)
        except BROKEN as damage:
            self._damage = damage
            return b""


def read_file(source: Readable, *, limit: int) -> FileReading:
    """`source` is unpacked already; at most `limit` bytes of it are read.

    Raises Unreadable for a file of no kind that is known, and for one with more in it than is kept at once.
    """
    stream = io.BufferedReader(cast("io.RawIOBase", _Bounded(source, limit)), LOOKED_AT)
    try:
        start = stream.peek(LOOKED_AT)
    except BROKEN as error:
        raise Unreadable("The file is damaged and nothing of it can be unpacked.") from error
    reading, found = _begun(stream, start)
    for one in _until_broken(found):
        reading.take(one)
        if len(reading.items) > load_limits().items_of_file:
            most = load_limits().items_of_file
            raise Unreadable(f"It tells of more than {most:,} bounces and complaints. Hand it over in parts.")
    return reading


def _begun(stream: IO[bytes], start: bytes) -> tuple[FileReading, Iterator[Feedback | Strange]]:
    if ACCOUNTING.match(start):
        return FileReading(FileForm.POWERMTA), read_accounting(stream)
    if RECORDS.match(start):
        return FileReading(FileForm.KUMOMTA), read_json_lines(stream)
    ways = ((is_tar, in_tar), (is_mbox, in_mbox), (is_message, in_one))
    split = next((split for is_so, split in ways if is_so(start)), None)
    if split is None:
        raise Unreadable(
            "It is none of the files that are read here: a message, an mbox, a tar of a maildir, "
            "PowerMTA's accounting with the line that names its columns, or KumoMTA's log."
        )
    reading = FileReading(FileForm.MAIL)
    return reading, in_messages(split(stream), reading)


def in_messages(messages: Iterator[tuple[int, bytes | Strange]], reading: FileReading) -> Iterator[Feedback | Strange]:
    for number, raw in messages:
        if isinstance(raw, Strange):
            yield raw
            continue
        try:
            told = read_message(raw)
        except Unreadable as refused:
            yield Strange(number, str(refused))
            continue
        reading.passed.update([told.form] if not told.items else [])
        yield from told.items


def _until_broken(found: Iterator[Feedback | Strange]) -> Iterator[Feedback | Strange]:
    try:
        yield from found
    except BROKEN:
        yield Strange(0, "The file is damaged; what came before the damage was read.")
