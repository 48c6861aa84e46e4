"""Keys of tickets as a CSV file: the tracker's own export, or a table of two columns that somebody made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discovery.spreadsheets import NoTableError, decoded, plain_cell, table_in

if TYPE_CHECKING:
    from collections.abc import Sequence

# The names under which columns are known, in the trackers' own exports as well.
EXTERNAL_ID = ("external id", "external issue id", "custom field (external id)", "custom field (external issue id)",
               "correlation_id", "correlation id")  # fmt: skip
KEY = ("key", "issue key", "number")
ADDRESS = ("address", "url")
MOST_ROWS = 2000
FIRST_ROW = 2  # the header stands in row 1


@dataclass(frozen=True, slots=True)
class KeyRow:
    """`number` is the row of the spreadsheet."""

    number: int
    external_id: str
    key: str
    address: str


@dataclass(frozen=True, slots=True)
class KeySheet:
    """What a file holds; `strange` counts the rows of tickets that name nothing of the portal."""

    rows: tuple[KeyRow, ...] = ()
    strange: int = 0
    problem: str = ""


def read_keys(content: bytes) -> KeySheet:
    try:
        lines = [[plain_cell(cell.strip()) for cell in line] for line in table_in(decoded(content))]
    except NoTableError as error:
        return KeySheet(problem=str(error))
    header = [name.lower() for name in lines[0]] if lines else []
    places = [_place(header, names) for names in (EXTERNAL_ID, KEY, ADDRESS)]
    if problem := _problem_of(places, lines):
        return KeySheet(problem=problem)
    found = [_row(number, line, places) for number, line in enumerate(lines[1:], start=FIRST_ROW) if any(line)]
    rows = tuple(row for row in found if row.external_id)
    return KeySheet(rows, strange=len(found) - len(rows))


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _problem_of(places: Sequence[int | None], lines: Sequence[Sequence[str]]) -> str:
    named = {"External ID": places[0], "Key": places[1]}
    if missing := [name for name, place in named.items() if place is None]:
        return f"Row 1 has to name the columns External ID and Key. Missing: {', '.join(missing)}."
    if not any(any(line) for line in lines[1:]):
        return "The file has no row below its header."
    return f"The file has more than {MOST_ROWS:,} rows." if len(lines) > MOST_ROWS + 1 else ""


def _row(number: int, line: Sequence[str], places: Sequence[int | None]) -> KeyRow:
    external_id, key, address = ("" if place is None or place >= len(line) else line[place] for place in places)
    return KeyRow(number, external_id, key, address)
