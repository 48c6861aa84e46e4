"""Messages out of a file: one message, an mbox, or a tar of a maildir; one of them in memory at a time."""

from __future__ import annotations

import re
import tarfile
from typing import IO, TYPE_CHECKING, cast

from delivery.feedback.limits import load_limits
from delivery.feedback.records import Strange
from discovery.postfix.archives import CautiousTarInfo
from discovery.postfix.unpacking import BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

FROM_LINE = re.compile(rb"From \S+ .*\d{4}")
HEADER_LINE = re.compile(rb"[!-9;-~]+:")
TAR_MARK = slice(257, 262)
LINE = 64 * 1024


def is_tar(start: bytes) -> bool:
    return start[TAR_MARK] == b"ustar"


def is_mbox(start: bytes) -> bool:
    return FROM_LINE.match(start) is not None


def is_message(start: bytes) -> bool:
    """Whether it begins with a field of a header."""
    return HEADER_LINE.match(start.lstrip(b"\r\n")) is not None


def in_mbox(stream: IO[bytes]) -> Iterator[tuple[int, bytes | Strange]]:
    """Each message with its number. A line that begins with From counts after an empty line and with a year in it."""
    number, held, size, is_after_blank, at_start = 0, list[bytes](), 0, True, True
    while line := stream.readline(LINE):
        if at_start and is_after_blank and FROM_LINE.match(line):
            if number:
                yield number, _whole(number, held, size)
            number, held, size = number + 1, [], 0
        elif size <= load_limits().message_bytes:
            held.append(line)
            size += len(line)
        is_after_blank, at_start = not line.strip(), line.endswith(b"\n")
    if number:
        yield number, _whole(number, held, size)


def _whole(number: int, held: list[bytes], size: int) -> bytes | Strange:
    return too_large(number) if size > load_limits().message_bytes else b"".join(held)


def too_large(number: int) -> Strange:
    return Strange(number, f"It is larger than {load_limits().message_bytes // 1024 // 1024} MB.")


def in_tar(stream: IO[bytes]) -> Iterator[tuple[int, bytes | Strange]]:
    """Each regular file. What comes before damage is given, then the damage is told."""
    number = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=CautiousTarInfo) as archive:
            for member in archive:
                if member.isfile():
                    number += 1
                    yield number, _member(archive, member, number)
    except BROKEN:
        yield number + 1, Strange(number + 1, "The archive is damaged from here on; what came before it was read.")


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo, number: int) -> bytes | Strange:
    if member.size > load_limits().message_bytes:
        return too_large(number)
    return cast("IO[bytes]", archive.extractfile(member)).read()


def in_one(stream: IO[bytes]) -> Iterator[tuple[int, bytes | Strange]]:
    pieces, size = list[bytes](), 0
    while (piece := stream.read(LINE)) and size <= load_limits().message_bytes:
        pieces.append(piece)
        size += len(piece)
    yield 1, _whole(1, pieces, size)
