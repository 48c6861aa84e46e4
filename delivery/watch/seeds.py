"""Results of seed addresses out of a CSV file: where test mail came to lie, by day, provider and stream."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from discovery.maillog.providers import OTHERS, provider_names
from discovery.spreadsheets import decoded, plain_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NEEDED = ("tested_on", "provider", "sent", "inbox", "spam")
COLUMNS = ("tested_on", "provider", "stream", "sent", "inbox", "spam")
LONGEST_STREAM = 80
MOST_SEEDS = 100_000  # of one line
FIRST_YEAR = 2000
LONGEST_NAME = 40  # of a provider: what is longer is near to none
NEAR = 0.8  # parts of 1: a slip of the pen, not another provider
MOST_NEAR = 3  # names that a sentence says


class NoSeeds(Exception):  # noqa: N818 (what is wrong with the file is said in its words)
    """Nothing of the file can be read, with the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """One line. What is neither in the inbox nor in the spam folder never arrived."""

    tested_on: date
    provider: str
    stream: str
    sent: int
    inbox: int
    spam: int


@dataclass(frozen=True, slots=True)
class Strange:
    """A line that was passed over, and why."""

    place: int
    said: str


def read_seeds(content: bytes, *, today: date, most: int) -> Iterator[Seeds | Strange]:
    """Raises NoSeeds for a file without the columns, and for one that is too long."""
    lines = _rows_of(decoded(content))
    header = next((row for _, row in lines), [])
    names = [cell.strip().lower() for cell in header]
    if missing := [name for name in NEEDED if name not in names]:
        raise NoSeeds(
            f"The first line has to name the columns {', '.join(COLUMNS)}; {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing."
        )
    first: dict[tuple[date, str, str], int] = {}
    for count, (place, row) in enumerate(lines, 1):
        if count > most:
            raise NoSeeds(f"It holds more than {most:,} lines. Hand it over in parts.")
        found = _line(dict(zip(names, row, strict=False)), today)
        if isinstance(found, str):
            yield Strange(place, found)
        elif (key := (found.tested_on, found.provider, found.stream)) in first:
            yield Strange(place, f"It tells of the same test as line {first[key]}, which counts.")
        else:
            first[key] = place
            yield found


def _rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """With the number of the line; empty lines and notes (#) are left out."""
    start = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    comma = ";" if start.count(";") > start.count(",") else ","
    for place, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield place, [plain_cell(cell.strip()) for cell in _cells(line, comma)]


def _cells(line: str, comma: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=comma), [])
    except csv.Error:
        return []


def _line(row: Mapping[str, str], today: date) -> Seeds | str:
    """A sentence where it is none."""
    if lacking := [name for name in NEEDED if name not in row]:
        return f"It ends before {', '.join(lacking)}: a line has as many columns as the first one."
    day, provider = _day(row["tested_on"], today), _provider(row["provider"])
    counts, stream = [_count(row[name]) for name in ("sent", "inbox", "spam")], row.get("stream", "")
    faults = [
        *([] if day else ["The day of the test has to be written as 2026-11-30, and not lie ahead."]),
        *([] if provider else [_unknown(row["provider"])]),
        *_wrong_in(counts),
        *([f"The name of the stream has more than {LONGEST_STREAM} letters."] if len(stream) > LONGEST_STREAM else []),
    ]
    sent, inbox, spam = (count or 0 for count in counts)
    return Seeds(day, provider, stream, sent, inbox, spam) if day and not faults else " ".join(faults)


def _wrong_in(counts: Sequence[int | None]) -> list[str]:
    sent, inbox, spam = (-1 if count is None else count for count in counts)
    if min(sent, inbox, spam) < 0 or not sent:
        return ["Sent, inbox and spam have to be whole numbers, and sent at least 1."]
    return ["More seeds were found than were sent."] if inbox + spam > sent else []


def _unknown(text: str) -> str:
    """With the names that are near to it, or else with where all of them stand."""
    names = {name.lower(): name for name in (*provider_names(), OTHERS)}
    typed = text.strip().lower()[:LONGEST_NAME]
    near = [name for name in names if typed and (typed in name.split() or name.split()[0] == typed.split()[0])]
    near = near or get_close_matches(typed, names, n=MOST_NEAR, cutoff=NEAR)
    told = " or ".join(f"“{names[name]}”" for name in near[:MOST_NEAR])
    hint = f"Near to it: {told}." if told else "Its names are listed under Results of seeds."
    return f"The provider is none that the portal knows by this name. {hint}"


def _day(text: str, today: date) -> date | None:
    """None as well for one that lies ahead, or before there were any tests."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day <= today and day.year >= FIRST_YEAR else None


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_SEEDS)) else None


def _provider(text: str) -> str:
    """As the portal writes it, whatever its letters; empty for one it does not know."""
    return {name.lower(): name for name in (*provider_names(), OTHERS)}.get(text.lower(), "")
