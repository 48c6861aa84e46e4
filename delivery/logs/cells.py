"""One line of a table, as its fields."""

from __future__ import annotations

import csv


def delimiter_of(text: str) -> str:
    return "\t" if "\t" in text else ","


def cells_of(text: str, delimiter: str = ",", *, is_strict: bool = True) -> list[str]:
    """None of what is no line of a table; `is_strict` takes quotes at their word."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=is_strict), [])
    except csv.Error:
        return []
