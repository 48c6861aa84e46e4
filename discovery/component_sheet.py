"""Components as a CSV file: the template, and what stands in a file that was filled in. Pure."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.spreadsheets import NoTableError, decoded, table_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HEADER = ("kind", "name", "host", "owner", "language", "lines", "source", "note")
EXAMPLE = ("bounces", "bounce-sorter", "mta1", "Carl Brandt", "Perl", "340", "available", "Runs every ten minutes")
LONGEST = {"name": 120, "host": 80, "owner": 120, "language": 60, "note": 4000}
MOST_ROWS = 1000
MOST_LINES = 10_000_000
FIRST_ROW = 2  # the header stands in row 1


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One component as it was typed; `number` is the row of the spreadsheet."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds. With a single problem nothing of it is taken."""

    rows: tuple[SheetRow, ...]
    problems: tuple[str, ...]


def template_csv() -> str:
    """The header and one row that shows what goes where."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, EXAMPLE])
    return text.getvalue()


def read_sheet(content: bytes, *, kinds: Mapping[str, str], sources: Mapping[str, str]) -> Sheet:
    """The rows of a file, and every problem with the number of its row. `kinds` and `sources` are {value: label}."""
    try:
        lines = [[cell.strip() for cell in line] for line in table_in(decoded(content))]
    except NoTableError as error:
        return Sheet((), (str(error),))
    if problem := problem_of_table(lines):
        return Sheet((), (problem,))
    header = [name.lower() for name in lines[0]]
    rows = [
        SheetRow(number, dict(zip(header, line, strict=False)))
        for number, line in enumerate(lines[1:], start=FIRST_ROW)
        if any(line)
    ]
    settled = [settled_row(row, kinds, sources) for row in rows]
    return Sheet(tuple(settled), tuple(problem for row in settled for problem in problems_of(row, kinds, sources)))


def problem_of_table(lines: list[list[str]]) -> str:
    header = [name.lower() for name in lines[0]] if lines else []
    missing = [name for name in ("kind", "name") if name not in header]
    unknown = [name for name in header if name and name not in HEADER]
    if missing:
        return f"Row 1 has to name the columns of the template. Missing: {', '.join(missing)}."
    if unknown:
        return f"Row 1 names columns that the template does not have: {', '.join(unknown[:5])}."
    if not any(any(line) for line in lines[1:]):
        return "The file has no row below its header."
    return f"The file has more than {MOST_ROWS} rows." if len(lines) > MOST_ROWS + 1 else ""


def settled_row(row: SheetRow, kinds: Mapping[str, str], sources: Mapping[str, str]) -> SheetRow:
    """The row with every column, and with labels of kinds and sources as their values."""
    cells = {name: row.cells.get(name, "") for name in HEADER}
    cells["kind"] = value_of(cells["kind"], kinds)
    cells["source"] = value_of(cells["source"] or "unknown", sources)
    return SheetRow(row.number, cells)


def value_of(text: str, known: Mapping[str, str]) -> str:
    wanted = text.lower()
    return next((value for value, label in known.items() if wanted in {value, label.lower()}), text)


def problems_of(row: SheetRow, kinds: Mapping[str, str], sources: Mapping[str, str]) -> Iterator[str]:
    """Whole sentences about one row."""
    cells, where = row.cells, f"Row {row.number}"
    if not cells["name"]:
        yield f"{where}: give the component a name."
    if cells["kind"] not in kinds:
        yield f"{where}: the kind is one of {', '.join(kinds)}."
    if cells["source"] not in sources:
        yield f"{where}: the source is one of {', '.join(sources)}."
    if cells["lines"] and not is_count(cells["lines"]):
        yield f"{where}: the lines are a number such as 340, or empty."
    for name, longest in LONGEST.items():
        if len(cells[name]) > longest:
            yield f"{where}: {name} has more than {longest} characters."


def is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:9]) <= MOST_LINES and len(text) <= len(str(MOST_LINES))
