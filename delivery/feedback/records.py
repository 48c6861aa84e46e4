"""What both servers write down of bounces and complaints: PowerMTA's accounting, KumoMTA's log."""

from __future__ import annotations

import csv
import json
from collections import deque
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from delivery.feedback.judging import judged
from delivery.feedback.kumomta import told_by_kumomta
from delivery.feedback.limits import Unreadable, load_limits
from delivery.feedback.powermta import told_by_powermta

if TYPE_CHECKING:
    from collections.abc import Iterator

    from delivery.feedback.items import Feedback, Told

BREAKS = b"\r\n"
MOST_COLUMNS = 500
MOST_LINES = 50  # of one record


@dataclass(frozen=True, slots=True)
class Strange:
    """A record that was passed over, and why. `place` is the number of its line."""

    place: int
    said: str


def read_accounting(lines: IO[bytes]) -> Iterator[Feedback | Strange]:
    """Bounces and complaints of an accounting file; records of other types say nothing here.

    Columns are found by the header line; another one may follow in files that were put together.
    """
    header = list[str]()
    for place, row in _rows_of(_lines_of(lines)):
        if isinstance(row, Strange):
            yield row
        elif row[:1] == ["type"]:
            header = [name.strip().lower() for name in row]
        elif not header and row:
            yield Strange(place, "The file has no line that names its columns, so its records mean nothing.")
            return
        else:
            yield from _judged_or_strange(told_by_powermta(dict(zip(header, row, strict=False))), place)


def _rows_of(lines: Iterator[tuple[int, str | Strange]]) -> Iterator[tuple[int, list[str] | Strange]]:
    """A value in quotation marks may go over several lines; a mark that is never closed spoils its own line alone."""
    waiting = deque[tuple[int, str | Strange]]()
    while entry := (waiting.popleft() if waiting else next(lines, None)):
        place, line = entry
        if isinstance(line, Strange):
            yield place, line
            continue
        taken = list[tuple[int, str | Strange]]()
        while (text := _joined(line, taken)) is None and (more := waiting.popleft() if waiting else next(lines, None)):
            taken.append(more)
        if text is None or (row := _row_of(text)) is None:
            waiting.extendleft(reversed(taken))
            yield place, Strange(place, "It is no record: a quotation mark in it is never closed.")
        else:
            yield place, row


def _joined(line: str, taken: list[tuple[int, str | Strange]]) -> str | None:
    """The record, "" of nothing; None as long as a quotation mark is open."""
    texts = [text for _, text in taken if isinstance(text, str)]
    whole = "\n".join([line, *texts])
    is_over = len(taken) > MOST_LINES or len(texts) < len(taken) or len(whole) > load_limits().line_bytes
    return whole if is_over or whole.count('"') % 2 == 0 else None


def _row_of(text: str) -> list[str] | None:
    if text.count('"') % 2:
        return None
    try:
        return next(csv.reader(text.splitlines(keepends=True)), [])[:MOST_COLUMNS]
    except csv.Error:
        return None


def read_json_lines(lines: IO[bytes]) -> Iterator[Feedback | Strange]:
    """Bounces and complaints of KumoMTA's log, a record a line."""
    for place, line in _lines_of(lines):
        if isinstance(line, Strange):
            yield line
        elif line.strip():
            yield from _judged_or_strange(_told_in(line), place)


def _told_in(line: str) -> list[Told] | str:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError):
        return "It is no JSON."
    return told_by_kumomta(record) if isinstance(record, dict) else "It is no record of KumoMTA."


def _judged_or_strange(told: list[Told] | str, place: int) -> Iterator[Feedback | Strange]:
    if isinstance(told, str):
        yield Strange(place, told)
        return
    yield from (judged(one) for one in told)


def _lines_of(lines: IO[bytes]) -> Iterator[tuple[int, str | Strange]]:
    """Numbered from 1. A line beyond the limit is passed over; nothing of it is kept in memory."""
    limit, place = load_limits().line_bytes, 0
    while line := lines.readline(limit):
        place += 1
        if len(line) < limit or line.endswith(b"\n"):
            yield place, line.rstrip(BREAKS).decode("utf-8-sig" if place == 1 else "utf-8", "replace")
            continue
        while (rest := lines.readline(limit)) and not rest.endswith(b"\n"):
            pass
        yield place, Strange(place, f"The line is longer than {limit // 1024:,} kB.")


def read_record(record: object) -> list[Feedback]:
    """One record of KumoMTA, as its log hook posts it. Raises Unreadable for what is none."""
    told = told_by_kumomta(record) if isinstance(record, dict) else "It is no record of KumoMTA."
    if isinstance(told, str):
        raise Unreadable(told)
    return [judged(one) for one in told]
