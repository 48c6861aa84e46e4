"""What every table that comes from or goes to a spreadsheet has in common. Pure."""

from __future__ import annotations

import csv
import io

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class NoTableError(ValueError):
    """A text that is no table, in a sentence."""


def table_in(text: str, delimiters: str = ",;") -> list[list[str]]:
    """Its rows; of the delimiters the one is meant that the first row has most of. Raises NoTableError."""
    first = text.partition("\n")[0]
    try:
        return list(csv.reader(io.StringIO(text), delimiter=max(delimiters, key=first.count)))
    except csv.Error as error:
        raise NoTableError(f"The file is not a table of comma separated values: {error}.") from error


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, or in what an older spreadsheet writes."""
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return content.decode("latin-1").replace("\0", "")


def safe_cell(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def plain_cell(cell: str) -> str:
    """The cell without the apostrophe that `safe_cell` put there."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
