"""Lists of addresses that are not written to, as PowerMTA, KumoMTA and spreadsheets take and give them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from delivery.feedback.addresses import ADDRESS, LONGEST
from delivery.feedback.limits import Unreadable, load_limits
from delivery.feedback.records import Strange
from discovery.spreadsheets import decoded, plain_cell, safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COLUMNS = ("address", "scope", "source", "reason", "since")
NAMES_OF_ADDRESS = frozenset({"address", "email", "recipient", "rcpt", "e-mail", "mail"})
LONGEST_REASON = 500


class ListForm(StrEnum):
    """Who reads the list."""

    CSV = "csv"
    POWERMTA = "powermta"
    KUMOMTA = "kumomta"


@dataclass(frozen=True, slots=True)
class Listed:
    """An address in small letters, and what the list says of it."""

    address: str
    scope: str = ""
    source: str = ""
    reason: str = ""
    since: str = ""


def address_of(text: str) -> str:
    """An address in small letters; "" for what is none."""
    whole = text.strip().strip("<>").lower()
    return whole if len(whole) <= LONGEST and ADDRESS.fullmatch(whole) else ""


def write_list(rows: Iterable[Listed], form: ListForm, scope: str = "") -> str:
    """PowerMTA takes an address a line (suppression-list); KumoMTA's policy loads JSON, addresses to reasons.

    Both know no scope: they get what is given up for all mail, or one stream's entry would stop the others. The file of
    one stream or list, `scope`, has what is given up there as well.
    """
    for_all = [row for row in rows if row.scope in {"", scope}] if form is not ListForm.CSV else []
    if form is ListForm.POWERMTA:
        return "".join(f"{row.address}\n" for row in for_all)
    if form is ListForm.KUMOMTA:
        return json.dumps({row.address: row.reason for row in for_all}, ensure_ascii=False, indent=1) + "\n"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe_cell(getattr(row, name)) for name in COLUMNS])
    return out.getvalue()


def read_list(content: bytes) -> Iterator[Listed | Strange]:
    """Told by how it begins. Raises Unreadable for JSON of another shape and for a list that is too long."""
    text = decoded(content)
    rows = _in_json(text) if text.lstrip().startswith(("{", "[")) else _in_lines(text)
    for count, row in enumerate(rows, 1):
        if count > load_limits().items_of_file:
            raise Unreadable(f"It holds more than {load_limits().items_of_file:,} addresses. Hand it over in parts.")
        yield row


def _in_json(text: str) -> Iterator[Listed | Strange]:
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("It begins like JSON, but it is none.") from error
    pairs = told.items() if isinstance(told, dict) else ((each, "") for each in told)
    for place, (name, reason) in enumerate(pairs, 1):
        address = address_of(name) if isinstance(name, str) else ""
        said = reason if isinstance(reason, str) else ""
        yield Listed(address, reason=said[:LONGEST_REASON]) if address else Strange(place, "It is no address.")


def _in_lines(text: str) -> Iterator[Listed | Strange]:
    """A line an address, or columns with their names in the first line."""
    header: list[str] = []
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = _row_of(line)
        names = [cell.strip().lower() for cell in row]
        if not header and NAMES_OF_ADDRESS & set(names):
            header = ["address" if name in NAMES_OF_ADDRESS else name for name in names]
            continue
        yield _listed(dict(zip(header or ["address"], row, strict=False)), place)


def _row_of(line: str) -> list[str]:
    try:
        return [plain_cell(cell) for cell in next(csv.reader([line]), [])]
    except csv.Error:
        return []


def _listed(row: dict[str, str], place: int) -> Listed | Strange:
    address = address_of(row.get("address", ""))
    if not address:
        return Strange(place, "It is no address.")
    return Listed(address, row.get("scope", "").strip()[:80], "", row.get("reason", "").strip()[:LONGEST_REASON])
