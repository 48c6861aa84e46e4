"""The segment that is written to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from delivery.proxy.journal.index import FULL, Table
from delivery.proxy.journal.records import is_whole
from delivery.proxy.journal.segments import read_line, segment_path, write_at

if TYPE_CHECKING:
    from pathlib import Path


class GrowingSegment:
    """Lines wait in memory until `flush`; their places are fixed from the moment they are appended."""

    __slots__ = ("descriptor", "lines", "number", "size", "table", "written")

    def __init__(self, folder: Path, number: int) -> None:
        path = segment_path(folder, number)
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        self.number = number
        self.table = Table()
        self.lines: list[bytes] = []
        self.size = self.written = 0

    def append(self, line: bytes) -> int:
        place = self.size
        self.lines.append(line)
        self.size = place + len(line)
        return place

    def is_full(self, most: int) -> bool:
        return self.size >= most or self.table.count >= FULL

    def flush(self) -> None:
        """Hands all lines to the system: they survive kill -9. Raises OSError and keeps them when there is no room."""
        if not self.lines:
            return
        lines = self.lines[0] if len(self.lines) == 1 else b"".join(self.lines)
        write_at(self.descriptor, lines, self.written)
        self.lines.clear()
        self.written = self.size

    def read(self, place: int) -> bytes:
        if place < self.written:
            return read_line(self.descriptor, place)
        line = b"".join(self.lines)[place - self.written :].partition(b"\n")[0]
        return line if is_whole(line) else b""

    def resume(self, end: int) -> None:
        """Continue after the last whole line of a file that was there; what is behind it is cut off."""
        os.ftruncate(self.descriptor, end)
        self.size = self.written = end

    def close(self) -> None:
        os.close(self.descriptor)
