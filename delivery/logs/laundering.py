"""Makes a log readable that the engine refuses: unpacked as far as it goes, every line text, none without end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discovery.maillog.files import BROKEN, opened, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE = 60_000
KEPT_OF_LONGER = 200
MOST_REMEMBERED = 200
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
OPENINGS = {b"\x1f\x8b": "gzip", b"(\xb5/\xfd": "zstd", b"BZh": "", b"\xfd7zXZ": ""}


@dataclass(slots=True)
class Laundered:
    """The readable copy; `places` says where changed lines began in the unpacked file, by what became of them."""

    path: Path
    troubles: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    changed: int = 0


def packing_of(path: Path) -> str:
    """How the engine can unpack it: none, gzip or zstd; "" where it cannot. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(6)
    return next((packing for opening, packing in OPENINGS.items() if start.startswith(opening)), "none")


def launder(path: Path, into: Path) -> Laundered:
    """What comes before damage is kept, and the damage is told."""
    laundered, place = Laundered(into), 0
    with path.open("rb") as packed, into.open("wb") as clean:
        try:
            for pieces in pieces_of(opened(packed)):
                text = b"".join(pieces)
                clean.write(text if is_clean(text) else clean_lines(text, place, laundered))
                place += len(text)
        except BROKEN as broken:
            laundered.troubles.append(broken_off(place, broken))
    if laundered.changed:
        laundered.troubles.append(
            f"{laundered.changed:,} lines are no text or far too long; they were read as far as they are."
        )
    return laundered


def is_clean(text: bytes) -> bool:
    """No line in it is longer than a block, and all of it is UTF-8 without control characters."""
    if CONTROL.search(text) or len(max(text.split(b"\n"), key=len)) > LONGEST_LINE:
        return False
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def clean_lines(text: bytes, place: int, laundered: Laundered) -> bytes:
    """Each line as UTF-8; other bytes are taken for Latin-1, control characters become question marks."""
    cleaned = []
    for line in text.split(b"\n"):
        one = clean_line(line.rstrip(b"\r"))
        if one != line.rstrip(b"\r"):
            laundered.changed += 1
            if len(laundered.places) < MOST_REMEMBERED:
                laundered.places.setdefault(one.decode(), place)
        cleaned.append(one)
        place += len(line) + 1
    return b"\n".join(cleaned)


def clean_line(line: bytes) -> bytes:
    if len(line) > LONGEST_LINE:
        line = line[:KEPT_OF_LONGER]
    line = CONTROL.sub(b"?", line)
    try:
        line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1").encode()
    return line


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Offset and line of an unpacked file, as far as it can be unpacked."""
    place = 0
    with path.open("rb") as packed:
        try:
            for pieces in pieces_of(opened(packed)):
                for line in b"".join(pieces).split(b"\n")[:-1]:
                    yield place, line
                    place += len(line) + 1
        except BROKEN:
            return


def look_through(laundered: Laundered) -> tuple[int, bool]:
    """How many lines there are, and whether one is longer than the engine may be given.

    A last line without its end counts. The engine does not say by itself when a packed file breaks off.
    """
    lines = place = 0
    has_long = False
    with laundered.path.open("rb") as file:
        try:
            for pieces in pieces_of(opened(file)):
                has_long = has_long or (len(pieces[0]) > LONGEST_LINE and len(pieces) > 1)
                lines += sum(bytes(piece).count(b"\n") for piece in pieces)
                place += sum(map(len, pieces))
        except BROKEN as broken:
            laundered.troubles.append(broken_off(place, broken))
    return lines, has_long


def broken_off(place: int, broken: Exception) -> str:
    why = str(broken) or type(broken).__name__
    return f"It breaks off after {place:,} unpacked bytes ({why}); what comes before was read."
