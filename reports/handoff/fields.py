"""Whether the rows of a pack hold what the pages read of them: the kind of each field stands in `limits.yaml`."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeGuard

import yaml

from reports.handoff.book import FOLDER
from reports.runbooks.book import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

OPTIONAL = "? "
SHOWN_LETTERS = 40
Row = dict[str, Any]


@cache
def limits() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / "limits.yaml").read_text(encoding="utf-8"))
    return read


def day_of(value: object) -> date | None:
    """The day that a text spells, inside the years of the limits; None for anything else."""
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and _is_in_bounds(found) else None


def moment_of(value: object) -> datetime | None:
    """As `day_of`; a moment without its zone is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo and _is_in_bounds(found) and _is_of_the_clock(found) else None


def _is_in_bounds(found: date) -> bool:
    first, last = limits()["years"]
    return bool(first <= found.year <= last)


def _is_of_the_clock(found: datetime) -> bool:
    """No zone of the earth is a day away from UTC."""
    return abs(found.utcoffset() or timedelta()) < timedelta(days=1)


def is_number(value: object) -> bool:
    largest: int = limits()["largest_number"]
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= largest


def _is_organization(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name", ""), str)


def _is_runbook(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    tables = value.get("tables", [])
    return isinstance(tables, list) and all(_is_table(one) for one in tables)


def _is_table(value: object) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("title"), str):
        return False
    columns, rows = value.get("columns"), value.get("rows")
    if not _are_texts(columns) or not isinstance(rows, list) or not all(_are_texts(row) for row in rows):
        return False
    return {len(row) for row in rows} <= {len(columns)} and _has_its_columns(value)


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _has_its_columns(table: Mapping[str, Any]) -> bool:
    """Of the tables that runbooks of this portal show; another title is another portal's own."""
    shape = next((one for one in shapes().values() if one.title == table["title"]), None)
    return shape is None or set(shape.columns.values()) <= set(table["columns"])


# By the word of limits.yaml: whether a value is of the kind, and how a sentence calls it.
KINDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "text": (lambda value: isinstance(value, str), "a text"),
    "number": (is_number, "a whole number"),
    "day": (lambda value: day_of(value) is not None, "a day such as 2026-05-14"),
    "moment": (lambda value: moment_of(value) is not None, "a moment such as 2026-05-14T17:00:00Z"),
    "organization": (_is_organization, "a customer with its name"),
    "runbook": (_is_runbook, "a runbook, its tables as wide as their columns"),
    "subject": (_are_texts, "a list of texts"),
    "facts": (lambda value: isinstance(value, dict), "facts by their names"),
}


def faults_of_rows(place: str, name: str, rows: Sequence[object]) -> Iterator[str]:
    """What pages could not read of a table or list, row by row. `place` is the file, and the table in it."""
    fields: Mapping[str, str] = limits()["fields"].get(name, {})
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            yield from (f"{place}, row {number}: {fault}." for fault in _faults_of_row(row, fields))
        else:
            yield f"{place}, row {number}: a row with named fields is expected, and it is {_shown(row)}."


def _faults_of_row(row: Row, fields: Mapping[str, str]) -> Iterator[str]:
    for field, told in fields.items():
        is_kind, words = KINDS[told.removeprefix(OPTIONAL)]
        value = row.get(field)
        is_left_out = told.startswith(OPTIONAL) and (value is None or value == "")
        if not is_left_out and not is_kind(value):
            yield f"{field} is expected to be {words}, and is {_shown(value) if field in row else 'missing'}"


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a group of fields"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}..."


def fault_of_spreadsheet(name: str, content: bytes) -> str:
    """Empty for a file that reads as rows of cells."""
    try:
        for _ in spreadsheet_rows(content):
            pass
    except csv.Error as error:
        return f"{name} does not read as a table: {error}."
    return ""


def spreadsheet_rows(content: bytes) -> Iterator[list[str]]:
    """Raises csv.Error."""
    yield from csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", "replace", newline="\n"))
