"""The files of one process's folder: numbered segments, which only ever grow at their end, and their indexes."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING

from delivery.proxy.journal.records import is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEGMENT = re.compile(r"(\d{10})\.tsv")
FOLDER = re.compile(r"p\d+")
UNKNOWN_FILE = "unknown.lines"
CHUNK = 1 << 20
LINE = 4096  # most lines are whole in one read


def segment_path(folder: Path, number: int) -> Path:
    return folder / f"{number:010d}.tsv"


def index_path(folder: Path, number: int) -> Path:
    return folder / f"{number:010d}.index"


def segment_numbers(folder: Path) -> list[int]:
    return sorted(int(found[1]) for path in folder.iterdir() if (found := SEGMENT.fullmatch(path.name)))


def journal_folders(folder: Path) -> list[Path]:
    """The folders of the processes in the folder of a journal; or the folder itself when it is one of them."""
    found = [one for one in folder.iterdir() if one.is_dir() and FOLDER.fullmatch(one.name)]
    return sorted(found, key=lambda one: int(one.name[1:])) or [folder]


def end_clocks(folder: Path, numbers: list[int], latest: float) -> dict[int, float]:
    """When each segment ended, on the running clock: when the next began. `latest` where that is not known."""
    following = [*numbers[1:], *(number + 1 for number in numbers[-1:])]
    begun = (start_clock(folder, number) for number in following)
    return {number: latest if at is None else at for number, at in zip(numbers, begun, strict=True)}


def start_clock(folder: Path, number: int) -> float | None:
    try:
        with segment_path(folder, number).open("rb") as file:
            line = file.readline(LINE).removesuffix(b"\n")
    except FileNotFoundError:
        return None
    return float(line.rpartition(b"\t")[2]) if is_whole(line) and line[9:10] == b"S" else None


def write_at(descriptor: int, lines: bytes, place: int) -> None:
    """All or an error; of what a full disk took nothing counts: the next write goes over it."""
    if os.pwrite(descriptor, lines, place) < len(lines):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Scan:
    """Reads whole lines from `start` on. Afterwards `end` is where the last complete line ended."""

    def __init__(self, descriptor: int, start: int = 0) -> None:
        self.descriptor = descriptor
        self.end = start
        self.damaged = 0

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Place and line without its end. Damaged lines are counted and passed over."""
        rest, place = b"", self.end
        while chunk := os.pread(self.descriptor, CHUNK, place + len(rest)):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if is_whole(line):
                    yield place, line
                else:
                    self.damaged += 1
                place += len(line) + 1
            self.end = place


def read_line(descriptor: int, place: int) -> bytes:
    """The line that begins there, without its end; empty where none is whole."""
    room = LINE
    while True:
        found = os.pread(descriptor, room, place)
        line, end, _ = found.partition(b"\n")
        if end:
            return line if is_whole(line) else b""
        if len(found) < room:
            return b""
        room *= 16
