"""Turns the facts of an upload into the items that runs are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.counting import counted
from discovery.postfix import Bundle
from discovery.postfix.maps import entries_of
from discovery.runs.comparison import Item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from discovery.estate import Estate, Row

SHOWN_DIGITS = 16  # of a SHA-256: enough to tell the versions of one file apart

FileFacts = tuple[str, int, str]  # path, bytes, SHA-256 of the masked bytes


def items_of(estate: Estate, files: Sequence[FileFacts]) -> dict[str, list[Item]]:
    """The items of one upload by subject, but for its findings."""
    digests = {path: digest for path, _, digest in files}
    return {
        "parameters": [item_at(row, str(row.values["name"]), str(row.values["value"])) for row in estate.parameters],
        "services": [service_item(row) for row in estate.services],
        "options": [item for row in estate.services for item in option_items(row)],
        "tables": [table_item(row, digests) for row in estate.maps],
        "files": [Item("", path, told_of(size, digest), path) for path, size, digest in files],
    }


def item_at(row: Row, name: str, value: str) -> Item:
    return Item(row.instance, name, value, row.file, row.line)


def service_name(row: Row) -> str:
    return f"{row.values['name']}/{row.values['kind']}"


def service_item(row: Row) -> Item:
    return item_at(row, service_name(row), " ".join([*map(str, row.values["columns"]), str(row.values["command"])]))


def option_items(row: Row) -> Iterator[Item]:
    for name, value, line in row.values["overrides"]:
        yield Item(row.instance, f"{service_name(row)} -o {name}", str(value), row.file, int(line))


def table_item(row: Row, digests: Mapping[str, str]) -> Item:
    """A table by who names it; its value is what it holds, so that another content is a change too."""
    values = row.values
    user = f"{values['service']}: {values['parameter']}" if values["service"] else values["parameter"]
    source = values["source"]
    return item_at(
        row, f"{user} {values['kind']}:{values['path']}", _content(values["entry_count"], digests.get(source))
    )


def _content(count: int | None, digest: str | None) -> str:
    if digest is None:
        return "not in the upload"
    known = "entries elsewhere" if count is None else counted(count, "entry", "entries")
    return f"{known}, SHA-256 {digest[:SHOWN_DIGITS]}"


def row_items(source: str, kind: str, parameter: str, content: bytes) -> Iterator[Item]:
    """The rows of one table, by its file and their keys."""
    for entry in entries_of(Bundle.of({source: content}), parameter, kind, source):
        yield Item("", f"{source} {entry.key}", entry.value, source, entry.line)


def told_of(size: int, digest: str) -> str:
    return f"{size} bytes, SHA-256 {digest[:SHOWN_DIGITS]}"
