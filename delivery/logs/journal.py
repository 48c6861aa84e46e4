"""The journal of the routing proxy: as the proxy writes it, as its command prints it, or as a table."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import duckdb

from delivery.logs.engine import statement
from delivery.logs.laundering import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Source

# How columns of a table may be called.
NAMES = {
    "id": ("id", "transaction", "trace", "trace_id", "txn"),
    "stamp": ("time", "timestamp", "at", "accepted_at", "stamp"),
    "path": ("backend", "path", "side"),
    "message_id": ("message_id", "message-id", "messageid", "mid"),
    "recipients": ("recipients", "recipient", "rcpt", "to"),
    "sender": ("sender", "from", "orig", "mail_from"),
    "outcome": ("outcome", "state", "status"),
    "reply": ("reply", "response"),
}
SEGMENTS = "p*/*.tsv"


def files_of(path: Path) -> list[Path]:
    """The files of a journal: those of its folder, or the file itself."""
    if not path.is_dir():
        return [path]
    return sorted([*path.glob(SEGMENTS), *path.glob("*.tsv")])


def read(engine: Engine, source: Source, path: Path, packing: str) -> None:
    values = {"path": str(path), "packing": packing}
    first = next((line for _, line in lines_of(path) if line.strip()), b"")
    if first.lstrip().startswith(b"{"):
        read_objects(engine, values)
    elif is_native(first):
        engine.script(statement("journal_native"), **values)
        engine.run(
            "INSERT INTO strange SELECT $file, reply FROM journal_records WHERE kind = 'strange'", file=source.number
        )
        engine.run("DELETE FROM journal_records WHERE kind = 'strange'")
    else:
        engine.run(statement("journal_table").format(rows=rows_of(first)), **values)
    engine.run(
        "INSERT INTO strange SELECT $file, strange FROM journal_lines WHERE strange IS NOT NULL", file=source.number
    )
    engine.run("DELETE FROM journal_lines WHERE strange IS NOT NULL")


def read_objects(engine: Engine, values: dict[str, str]) -> None:
    """In haste first, as KumoMTA's."""
    try:
        engine.script(statement("journal_json"), careful=False, **values)
    except duckdb.Error:
        engine.script(statement("journal_json"), careful=True, **values)


def is_native(line: bytes) -> bool:
    fields = line.split(b"\t", 2)
    return len(fields) > 2 and len(fields[0]) == 8 and fields[1] in {b"I", b"N", b"O", b"P", b"S", b"T", b"E"}  # noqa: PLR2004 (as written)


def rows_of(first: bytes) -> str:
    """The part of a statement that reads a table whose first line names its columns."""
    text = first.decode("utf-8-sig", "replace").strip("\r\n")
    delimiter = "\t" if "\t" in text else ","
    header = [name.strip().lower() for name in next(csv.reader([text], delimiter=delimiter), [])]
    columns = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(max(len(header), 1)))
    named = ", ".join(column_of(name, header) for name in NAMES)
    return (
        f"SELECT {named} FROM read_csv($path, columns = {{{columns}}}, header = true, auto_detect = false, "  # noqa: S608 (numbers and our own names)
        f"delim = '{delimiter}', quote = '\"', escape = '\"', compression = $packing, null_padding = true)"
    )


def column_of(name: str, header: Sequence[str]) -> str:
    place = next((header.index(each) for each in NAMES[name] if each in header), None)
    return f"NULL::VARCHAR AS {name}" if place is None else f"c{place} AS {name}"


def conclude(engine: Engine) -> None:
    """Put intents and outcomes of all files together, and read their words."""
    engine.script(statement("journal_joined"))
    engine.script(statement("journal_read"))
    engine.run("DROP TABLE journal_lines")
    engine.run("DROP TABLE journal_records")
