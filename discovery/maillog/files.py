"""Log files as blocks of whole lines, unpacked while they are read: plain, gz, bz2, xz, zst, by their first bytes."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from typing import IO, TYPE_CHECKING, cast

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PIECE = 128 * 1024  # is read at once: what comes before a broken one is not lost
BLOCK = 1024 * 1024  # of many lines is looked at at once: a step costs about the same for few as for many
LONGEST_LINE = 64 * 1024
START = 64 * 1024
XZ, ZSTD = b"\xfd7zXZ", b"(\xb5/\xfd"
ZSTD_BITE = 1024  # of a packed log at once: 32 MB at the very most when it is unpacked


# What damaged files raise: gzip a kind of OSError, bz2 OSError itself. A mistake of ours is none of these.
BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


class LogUnreadable(Exception):  # noqa: N818 (it is a sentence for people)
    """A file cannot be opened at all; the text says why."""


def opened(stream: IO[bytes]) -> IO[bytes]:
    """The unpacked content of a stream that can be rewound."""
    start = stream.read(6)
    stream.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    if start.startswith(b"BZh"):
        return cast("IO[bytes]", bz2.BZ2File(stream))
    return _strictly_opened(stream, start) if start.startswith((XZ, ZSTD)) else stream


def _strictly_opened(stream: IO[bytes], start: bytes) -> IO[bytes]:
    """The libraries' own readers pass over a missing end."""
    # Loads the whole of discovery.postfix, which takes as long as reading 50 MB: plain logs need not wait for it.
    from discovery.postfix.unpacking import XzReader, ZstdReader

    return cast("IO[bytes]", XzReader(stream) if start.startswith(XZ) else ZstdReader(stream, ZSTD_BITE))


def is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return opened(file) is not file


def blocks_of(stream: IO[bytes], *, begin: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Pieces put together to blocks; before what is broken raises, what was read of it is given."""
    held: list[bytes | memoryview] = []
    size = 0
    try:
        for piece in pieces_of(stream, begin=begin, end=end):
            held += piece
            size += sum(map(len, piece))
            if size >= BLOCK:
                yield b"".join(held)
                held.clear()
                size = 0
    except BROKEN:
        yield b"".join(held)
        raise
    if held:
        yield b"".join(held)


def pieces_of(stream: IO[bytes], *, begin: int = 0, end: int | None = None) -> Iterator[tuple[bytes | memoryview, ...]]:
    """Pieces that end with a line feed, each in one or two parts; the lines that begin in [begin, end) of a plain file.

    What can be unpacked of a file that ends early is given; then EOFError or the unpacker's own error is raised.
    A last line without its end is given too, and a line without end is cut.
    """
    if begin:
        stream.seek(begin - 1)
        begin += len(stream.readline()) - 1
    carried, place = b"", begin
    while block := _read(stream, None if end is None else end - place):
        place += len(block)
        if cut := block.rfind(b"\n") + 1:
            yield carried, memoryview(block)[:cut]
            carried = block[cut:]
        elif len(carried) < LONGEST_LINE:
            carried += block
    if end is not None and carried:
        carried += stream.readline(LONGEST_LINE)
    if carried:
        yield (carried if carried.endswith(b"\n") else carried + b"\n",)


def _read(stream: IO[bytes], left: int | None) -> bytes:
    """One step of the unpacker where it has such a thing: a whole piece is lost when it breaks off in it."""
    step: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    return step(PIECE if left is None else max(0, min(PIECE, left)))


def start_of(path: Path) -> bytes:
    """The first unpacked bytes, by which a copy is known; b"" where nothing can be unpacked."""
    with path.open("rb") as file:
        try:
            return opened(file).read(START)
        except BROKEN:
            return b""


def slices_of(path: Path, wanted: int, smallest: int) -> list[tuple[int, int | None]]:
    """Offsets that cut an unpacked file into parts of about one size; one part for a packed or a small one."""
    size = path.stat().st_size
    if is_packed(path) or size < smallest or wanted < 2:  # noqa: PLR2004 (one part is no cut)
        return [(0, None)]
    cuts = [size * part // wanted for part in range(wanted)]
    return list(zip(cuts, [*cuts[1:], size], strict=True))


def blocks_of_path(path: Path, begin: int, end: int | None) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from blocks_of(opened(file), begin=begin, end=end)
