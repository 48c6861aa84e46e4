"""Reads a journal from outside, also while the proxy writes to it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.proxy.journal.records import Entry, JournalError, entry_of, name_of, recipients_in
from delivery.proxy.journal.segments import UNKNOWN_FILE, Scan, journal_folders, segment_numbers, segment_path

if TYPE_CHECKING:
    from collections.abc import Iterator


DOUBLED = 5  # field of a D line


class Reader:
    """Every transaction once, in the order in which they ended; those without an outcome, as unknown, at the end."""

    def __init__(self, directory: Path | str) -> None:
        self.directory = Path(directory)
        self.damaged: dict[Path, int] = {}

    def __iter__(self) -> Iterator[Entry]:
        try:
            folders = journal_folders(self.directory)
        except OSError as error:
            raise JournalError(f"{self.directory} cannot be read: {error.strerror}.") from error
        for folder in folders:
            yield from self.folder_entries(folder)

    def folder_entries(self, folder: Path) -> Iterator[Entry]:
        begun: dict[str, bytes] = {}
        doubled: dict[str, tuple[bytes, ...]] = {}
        numbers = segment_numbers(folder)
        yield from self.unknown_before(folder, numbers[0] if numbers else 0)
        for line in (line for number in numbers for line in self.lines(segment_path(folder, number))):
            match line[9:10]:
                case b"D":
                    doubled[name_of(line)] = recipients_in(line.split(b"\t")[DOUBLED])
                case b"I":
                    begun[name_of(line)] = line
                case b"O":
                    intent = begun.pop(name := name_of(line), None)
                    if intent is not None:
                        yield entry_of(intent, line)._replace(doubled=doubled.pop(name, ()))
                case b"N":
                    yield entry_of(line)
        for name, intent in begun.items():
            yield entry_of(intent)._replace(doubled=doubled.pop(name, ()))

    def unknown_before(self, folder: Path, first: int) -> Iterator[Entry]:
        """Those whose segment is gone."""
        intent = b""
        for line in self.lines(folder / UNKNOWN_FILE):
            if line[9:10] == b"I":
                intent = line
            elif line[9:10] == b"O" and int(line.split(b"\t")[7]) < first and intent:
                yield entry_of(intent, line)

    def lines(self, path: Path) -> Iterator[bytes]:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:  # its time was over since the folder was listed
            return
        try:
            scan = Scan(descriptor)
            for _, line in scan:
                yield line
            if scan.damaged:
                self.damaged[path] = scan.damaged
        finally:
            os.close(descriptor)


def read_journal(directory: Path | str) -> Iterator[Entry]:
    return iter(Reader(directory))
