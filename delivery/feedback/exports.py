"""The queue for a program of the customer's: columns under the names that it expects, in the order it expects."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from delivery.feedback.limits import Unreadable
from discovery.spreadsheets import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FIELDS = (
    "id", "kind", "recipient", "original_recipient", "sender", "message_id", "status", "reply", "diagnostic",
    "category", "action", "provider", "source", "mta", "remote_mta", "queue_id", "trace", "mta_category",
    "feedback_type", "happened_at", "day", "rule", "taken_at",
)  # fmt: skip
USUAL = ("id", "kind", "recipient", "sender", "message_id", "status", "category", "action", "diagnostic", "happened_at")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
Columns = tuple[tuple[str, str], ...]


def columns_in(text: str) -> Columns:
    """Names and fields of `email=recipient, code=status, day`; the usual ones of nothing. Raises Unreadable."""
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()] or list(USUAL)
    columns = tuple(_column(piece) for piece in pieces[: len(FIELDS)])
    if len(pieces) > len(FIELDS) or len({name for name, _ in columns}) < len(columns):
        raise Unreadable("A name stands twice in the columns, or there are more than there are fields.")
    return columns


def _column(piece: str) -> tuple[str, str]:
    name, _, field = piece.partition("=")
    name, field = name.strip(), field.strip() or name.strip()
    if field not in FIELDS:
        raise Unreadable(f"“{field[:60]}” is no field. There are: {', '.join(FIELDS)}.")
    if not NAME.fullmatch(name):
        raise Unreadable(f"“{name[:60]}” cannot be the name of a column: letters, digits, . _ and - only.")
    return name, field


def as_csv(rows: Iterable[Sequence[object]], columns: Columns) -> Iterator[str]:
    """Lines, the first with the names; no cell begins as a formula does."""
    yield _line([name for name, _ in columns])
    for row in rows:
        yield _line([safe_cell(_text(value)) for value in row])


def as_json(rows: Iterable[Sequence[object]], columns: Columns) -> Iterator[str]:
    """One object a line."""
    names = [name for name, _ in columns]
    for row in rows:
        told = {
            name: value if isinstance(value, int) else _text(value) or None
            for name, value in zip(names, row, strict=True)
        }
        yield json.dumps(told, ensure_ascii=False) + "\n"


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
