"""Reads logs from end to end and says what they hold: files side by side, parts put together in their order."""

from __future__ import annotations

import gc
import multiprocessing
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from discovery.maillog.files import (
    BROKEN,
    LogUnreadable,
    blocks_of,
    blocks_of_path,
    is_packed,
    opened,
    slices_of,
    start_of,
)
from discovery.maillog.rows import read_block
from discovery.maillog.samples import Sample, sample_lines
from discovery.maillog.sessions import Sessions
from discovery.maillog.stamps import Calendar, Turns, turn_between
from discovery.maillog.sweep import Memories
from discovery.maillog.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo
    from pathlib import Path
    from typing import IO

MOST_SAMPLES = 20
SMALLEST_SLICE = 16 * 1024 * 1024


@dataclass(slots=True)
class Part:
    """What some consecutive lines of one file said, before their years are known."""

    name: str
    tally: Tally
    turns: Turns
    samples: list[Sample] = field(default_factory=list)
    sessions: Sessions = field(default_factory=Sessions)
    trouble: str = ""


def read_part(name: str, blocks: Iterable[bytes], key: bytes) -> Part:
    """Never raises for what a file holds; a file that breaks off is read as far as it goes."""
    part, memories = Part(name, Tally(key), Turns()), Memories()
    was_on = gc.isenabled()
    gc.disable()  # rows hold no cycles, and looking for some costs more than reading
    try:
        line = 1
        for text in blocks:
            block = read_block(text, part.turns, memories)
            part.tally.add(block)
            part.sessions.add(text, part.turns)
            if block.strange and len(part.samples) < MOST_SAMPLES:
                part.samples += sample_lines(name, text, line, block.strange)[: MOST_SAMPLES - len(part.samples)]
            line += block.lines
    except BROKEN as broken:
        part.trouble = f"{name} breaks off: {broken or type(broken).__name__}. What comes before was read."
    finally:
        if was_on:
            gc.enable()
    return part


def read_stream(name: str, stream: IO[bytes], *, key: bytes) -> Part:
    return read_part(name, blocks_of(opened(stream)), key)


def read_paths(paths: Sequence[Path], *, key: bytes, processes: int = 2) -> list[list[Part]]:
    """The parts of each file in their order, each file once. Raises LogUnreadable for one that cannot be opened."""
    paths = list(dict.fromkeys(paths))
    try:
        work = [
            (path, begin, end, key)
            for path in paths
            for begin, end in slices_of(path, processes if len(paths) == 1 else 1, SMALLEST_SLICE)
        ]
    except OSError as error:
        raise LogUnreadable(f"{error.filename}: {error.strerror}.") from error
    parts = _read_all(work, processes)
    return [[part for part, job in zip(parts, work, strict=True) if job[0] == path] for path in paths]


def without_copies(paths: Sequence[Path]) -> tuple[list[Path], list[tuple[Path, Path]]]:
    """The files to count, and `(left out, kept)` for those that begin with the same lines as a longer one.

    Raises LogUnreadable for a file that cannot be opened.
    """
    starts: dict[bytes, Path] = {}
    copies: list[tuple[Path, Path]] = []
    try:
        # A plain file before a packed one, which says nothing about its length; else the longer first.
        ordered = sorted(dict.fromkeys(paths), key=lambda path: (is_packed(path), -path.stat().st_size))
        for path in ordered:
            start = start_of(path)
            kept = starts.setdefault(start, path) if start else path
            copies += [(path, kept)] if kept != path else []
    except OSError as error:
        raise LogUnreadable(f"{error.filename}: {error.strerror}.") from error
    left_out = {path for path, _ in copies}
    return [path for path in dict.fromkeys(paths) if path not in left_out], copies


Work = tuple["Path", int, "int | None", bytes]


def _read_all(work: list[Work], processes: int) -> list[Part]:
    if len(work) < 2 or processes < 2:  # noqa: PLR2004 (side by side begins with two)
        return [_read_one(job) for job in work]
    fork = multiprocessing.get_context("fork")  # starts at once, with all that is loaded
    with fork.Pool(min(processes, len(work))) as pool:
        return pool.map(_read_one, work, chunksize=1)


def _read_one(job: Work) -> Part:
    path, begin, end, key = job
    return read_part(str(path), blocks_of_path(path, begin, end), key)


@dataclass(slots=True)
class Whole:
    """All files put together; the keys of the tally are moments on the wall clock."""

    tally: Tally
    samples: list[Sample]
    troubles: list[str]
    files: list[str]
    sessions: Sessions


HOURLY = ("hours", "messages", "rejected")
HOURLY_FIRST = ("outcomes", "accepted")


def put_together(files: list[list[Part]], *, key: bytes, until: datetime | None = None, zone: tzinfo | None) -> Whole:
    """Years are told for each file by its last stamp, files are put in the order of their first hour."""
    now = until or datetime.now(UTC)
    dated = [_dated(parts, now, zone) for parts in files if parts]
    dated.sort(key=lambda pair: min(pair[0].counters["hours"], default=datetime.max))  # noqa: DTZ901 (the wall clock)
    whole, sessions = Tally(key), Sessions()
    for tally, told in dated:
        whole.follow(tally)
        sessions.merge(told)
    for joins in whole.joins.values():
        joins.close()
    flat = [part for parts in files for part in parts]
    return Whole(
        whole,
        [sample for part in flat for sample in part.samples][:MOST_SAMPLES],
        [part.trouble for part in flat if part.trouble],
        list(dict.fromkeys(part.name for part in flat)),
        sessions,
    )


def _dated(parts: list[Part], now: datetime, zone: tzinfo | None) -> tuple[Tally, Sessions]:
    """One file: its parts with the hours of each replaced by moments, in their order."""
    offsets = list(_offsets(parts))
    last = None
    for part, offset in zip(parts, offsets, strict=True):
        if part.turns.last:
            last = (offset + part.turns.count, part.turns.last)
    calendar = Calendar(last=last, until=now, zone=zone)
    whole, sessions = Tally(parts[0].tally.key), Sessions()
    for part, offset in zip(parts, offsets, strict=True):
        _relabel(part.tally, calendar, offset)
        whole.follow(part.tally)
        sessions.follow(part.sessions, calendar, offset)
    return whole, sessions


def _offsets(parts: list[Part]) -> Iterator[int]:
    """How many turns of the year lie before each part."""
    turns, month = 0, 0
    for part in parts:
        turns += turn_between(month, part.turns.first_month)
        yield turns
        turns += part.turns.count
        month = part.turns.last_month or month


def _relabel(tally: Tally, calendar: Calendar, offset: int) -> None:
    moments = {
        key: calendar.moment((key[0] + offset, key[1], key[2])) or datetime.min  # noqa: DTZ901 (stands for no date)
        for key in tally.counters["hours"]
    }
    for name in HOURLY:
        tally.counters[name] = _moved(tally.counters[name], moments, is_alone=True)
    for name in HOURLY_FIRST:
        tally.counters[name] = _moved(tally.counters[name], moments, is_alone=False)
    for joins in tally.joins.values():
        joins.relabel(moments)


def _moved(counter: Counter[Any], moments: dict[Any, datetime], *, is_alone: bool) -> Counter[Any]:
    moved: Counter[Any] = Counter()
    for key, count in counter.items():
        moved[moments[key] if is_alone else (moments[key[0]], *key[1:])] += count
    return moved
