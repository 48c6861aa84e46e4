"""The journal of the routing proxy: as the proxy writes it, as its command prints it, or as a table."""

from __future__ import annotations

import csv
import json
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import yaml

from delivery.logs.cells import cells_of, delimiter_of
from delivery.logs.engine import columns_of, statement
from delivery.logs.laundering import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Source

NAMES = Path(__file__).with_name("journal_names.yaml")
LOOKED_AT = 1_000  # objects, for the names that their members have
TOLD_AGAIN = "SELECT count(*) > count(DISTINCT hash(trace, message_id, recipient)) FROM journal WHERE trace IS NOT NULL"
TRACELESS = "SELECT count(DISTINCT file) > 1 FROM journal WHERE trace IS NULL"
SEGMENTS = "p*/*.tsv"
WIDEST = 17  # fields of a line


def files_of(path: Path) -> list[Path]:
    """The files of a journal: those of its folder, or the file itself."""
    if not path.is_dir():
        return [path]
    return sorted([*path.glob(SEGMENTS), *path.glob("*.tsv")]) or sorted(
        each for each in path.iterdir() if each.is_file()
    )


def read(engine: Engine, source: Source, path: Path, packing: str) -> None:
    values = {"path": str(path), "packing": packing, "file": source.number}
    first = next((line for _, line in lines_of(path) if line.strip()), b"")
    if first.lstrip().startswith(b"{"):
        read_objects(engine, path, values)
    elif is_native(first):
        read_native(engine, values)
    else:
        read_table(engine, source, path, first, values)
    for table in ("entries", "journal_lines"):
        found = f"FROM {table} WHERE strange IS NOT NULL"
        engine.run(f"INSERT INTO strange SELECT $file, strange {found}", file=source.number)
        engine.run(f"DELETE {found}")


def read_native(engine: Engine, values: dict[str, object]) -> None:
    """As a table, at once; line by line where one line is not as the proxy writes it."""
    text, columns = statement("journal_native"), range(1, WIDEST + 1)
    at_once = statement("journal_at_once").format(columns=columns_of(WIDEST))
    try:
        engine.run(text.format(rows=at_once), **values)
    except duckdb.Error:
        is_whole = False
    else:
        is_whole = not engine.value("SELECT count(strange) FROM entries WHERE file = $file", file=values["file"])
    if not is_whole:
        engine.run("DELETE FROM entries WHERE file = $file", file=values["file"])
        fields = ", ".join(f"fields[{number}] AS c{number}" for number in columns)
        engine.run(text.format(rows=statement("journal_by_line").format(fields=fields)), **values)


def read_objects(engine: Engine, path: Path, values: dict[str, object]) -> None:
    """In haste first, as KumoMTA's."""
    text = statement("journal_json").format(**parts_of_objects(path))
    try:
        engine.run(text, careful=False, **values)
    except duckdb.Error:
        engine.run(text, careful=True, **values)


def parts_of_objects(path: Path) -> dict[str, str]:
    """Where the members stand that the first objects have, and which of them is what. Outcomes may come last."""
    members = {name: name for field in ("outcome", "reply") for name in names()[field]}
    for _, line in islice(lines_of(path), LOOKED_AT):
        members |= members_of(line)
    numbers = {name: number for number, name in enumerate(members, 1)}
    found = {
        field: [f"fields[{numbers[name]}]" for name in called if name in numbers] for field, called in names().items()
    }
    fields = (f"coalesce({', '.join(['NULL', *places, 'NULL'])}) AS {field}" for field, places in found.items())
    places = ", ".join(f"""'$."{name}"'""" for name in members.values())
    return {"places": f"[{places}]", "fields": ", ".join(fields)}


def members_of(line: bytes) -> dict[str, str]:
    """Those that a journal may have, by their standard names; these are letters only, so they may stand in a path."""
    wanted = {name for called in names().values() for name in called}
    try:
        read = json.loads(line)
    except ValueError:
        return {}
    return {standard(name): name for name in read if standard(name) in wanted} if isinstance(read, dict) else {}


def standard(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")


@cache
def names() -> dict[str, list[str]]:
    read: dict[str, list[str]] = yaml.load(NAMES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read


def is_native(line: bytes) -> bool:
    fields = line.split(b"\t", 2)
    return len(fields) > 2 and len(fields[0]) == 8 and fields[1] in {b"I", b"N", b"O", b"P", b"S", b"T", b"E"}  # noqa: PLR2004 (as written)


def read_table(engine: Engine, source: Source, path: Path, first: bytes, values: dict[str, object]) -> None:
    """At once; line by line where even the readable copy holds a line that is none of the table."""
    text = statement("journal_table").format(rows=rows_of(first))
    try:
        engine.run(text, **values)
    except duckdb.Error:
        if path == source.path:
            raise
        common = engine.folder / f"{source.number}.table"
        strange = engine.folder / f"{source.number}.strange"
        write_rows(path, first, common, strange)
        engine.run(text, **{**values, "path": str(common), "packing": "none"})
        inserted = "INSERT INTO strange SELECT $file, line FROM lines($path, 'none')"
        engine.run(inserted, file=source.number, path=str(strange))
        common.unlink()
        strange.unlink()


def write_rows(path: Path, first: bytes, into: Path, others: Path) -> None:
    """Write the lines that have no more fields than the first one to a file, and those that have to another."""
    head = first.decode("utf-8-sig", "replace")
    delimiter = delimiter_of(head)
    width = len(cells_of(head, delimiter))
    with into.open("w", encoding="utf-8", newline="") as out, others.open("w", encoding="utf-8", newline="") as strange:
        writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL)
        for _, line in lines_of(path):
            fields = cells_of(text := line.decode("utf-8", "replace").rstrip("\r"), delimiter)
            if 0 < len(fields) <= width:
                writer.writerow([*fields, *[""] * (width - len(fields))])
            elif text.strip():
                strange.write(f"{text}\n")


def rows_of(first: bytes) -> str:
    """The part of a statement that reads a table whose first line names its columns."""
    text = first.decode("utf-8-sig", "replace").strip("\r\n")
    delimiter = delimiter_of(text)
    header = [standard(name.strip()) for name in next(csv.reader([text], delimiter=delimiter), [])]
    columns = columns_of(max(len(header), 1), first=0)
    named = ", ".join(column_of(name, header) for name in names())
    return (
        f"SELECT {named} FROM read_csv($path, columns = {columns}, header = true, auto_detect = false, "  # noqa: S608 (numbers and our own names)
        f"delim = '{delimiter}', quote = '\"', escape = '\"', compression = $packing, null_padding = true)"
    )


def column_of(name: str, header: Sequence[str]) -> str:
    place = next((header.index(each) for each in names()[name] if each in header), None)
    return f"NULL::VARCHAR AS {name}" if place is None else f"c{place} AS {name}"


def conclude(engine: Engine) -> None:
    """Put intents and outcomes of all files together, and read their words."""
    engine.script(statement("journal_joined"))
    engine.script(statement("journal_read"))
    engine.run("DROP TABLE journal_lines")
    if engine.value(TOLD_AGAIN):
        engine.script(statement("journal_again"))
    if engine.value(TRACELESS):
        engine.script(statement("journal_copied"))
