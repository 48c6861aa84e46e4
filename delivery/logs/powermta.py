"""PowerMTA's accounting files: columns by the header line of each file, records by their type."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import duckdb

from delivery.logs.cells import cells_of
from delivery.logs.engine import columns_of, statement
from delivery.logs.laundering import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Source

WANTED = (
    "type",
    "timelogged",
    "orig",
    "rcpt",
    "orcpt",
    "dsnstatus",
    "bouncecat",
    "dlvtype",
    "header_message-id",
    "header_x-gatepost-id",
)
TYPES = frozenset({"d", "b", "t", "tq", "r", "rb", "rs", "f"})
ABSENT = "\x02"  # stands for a column that a file does not have; an empty one says something
MOST_LINES = 50  # of one record: a quote that is never closed must not swallow the file


def read(engine: Engine, source: Source, path: Path, packing: str) -> None:
    """All at once where the file is as it should be, else one record after the other."""
    header = header_of(path)
    if not header or is_mixed(engine, path, packing) or not read_at_once(engine, source, path, packing, header):
        read_by_hand(engine, source, path)


def read_at_once(engine: Engine, source: Source, path: Path, packing: str, header: Sequence[str]) -> bool:
    """Whether that worked; if not, nothing of the file is in the tables."""
    text = statement("powermta").format(rows=rows_of(header))
    try:
        engine.run(text, path=str(path), packing=packing, file=source.number)
    except duckdb.Error:
        return False
    values = {"file": source.number}
    if not engine.value("SELECT count(*) FROM seen WHERE file = $file AND kind = 'strange'", **values):
        return True
    engine.run("DELETE FROM seen WHERE file = $file", **values)
    return False


def header_of(path: Path) -> list[str]:
    """The names of the columns in small letters; none where the file does not begin with them."""
    for _, line in lines_of(path):
        names = [name.strip().lower() for name in next(csv.reader([line.decode("utf-8-sig", "replace")]), [])]
        return names if names[:1] == ["type"] else []
    return []


def rows_of(header: Sequence[str]) -> str:
    """The part of a statement that reads the file and names the wanted columns."""
    named = ", ".join(
        f'c{header.index(name)} AS "{name}"' if name in header else f'NULL::VARCHAR AS "{name}"' for name in WANTED
    )
    options = (
        "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', compression = $packing, "
        f"null_padding = true, nullstr = '{ABSENT}', max_line_size = 262144"
    )
    return f"SELECT {named} FROM read_csv($path, columns = {columns_of(len(header), first=0)}, {options})"  # noqa: S608 (numbers and our own names)


def is_mixed(engine: Engine, path: Path, packing: str) -> bool:
    """Whether another header line follows, as in files that were put together."""
    return bool(
        engine.value(
            "SELECT count(*) FROM lines($path, $packing) WHERE starts_with(line, 'type,') HAVING count(*) > 1",
            path=str(path),
            packing=packing,
        )
    )


def read_by_hand(engine: Engine, source: Source, path: Path) -> None:
    """One record after the other, each by the last header line before it; what has none is not understood."""
    common = engine.folder / f"{source.number}.csv"
    strange: list[tuple[int, str]] = []
    with common.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(WANTED)
        header: list[str] = []
        for text, record in records_of(path):
            if record[:1] == ["type"]:
                header = [name.strip().lower() for name in record]
            elif header and len(record) <= len(header) and record[:1] and record[0] in TYPES:
                fields = dict(zip(header, record, strict=False))
                writer.writerow([fields.get(name, ABSENT) for name in WANTED])
            elif text.strip():
                strange.append((source.number, text))
    engine.run(statement("powermta").format(rows=rows_of(WANTED)), path=str(common), packing="none", file=source.number)
    common.unlink()
    engine.script(statement("strange"), file=source.number)
    if strange:
        engine.connection.executemany("INSERT INTO strange VALUES (?, ?)", strange)


def records_of(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Records with their text. A record whose quotes do not close within a few lines is given up, not its followers."""
    held: list[str] = []
    for _, line in lines_of(path):
        held.append(line.decode("utf-8", "replace").rstrip("\r"))
        while held and (count := lines_of_first(held)):
            text = "\n".join(held[:count])
            yield text, cells_of(text)
            held = held[count:]
    yield from ((text, cells_of(text)) for text in held)


def lines_of_first(held: Sequence[str]) -> int:
    """How many lines the first record takes; 0 while more have to be seen. What begins like a record begins one."""
    quotes = 0
    for count, line in enumerate(held, 1):
        if count > 1 and (line.partition(",")[0] in TYPES or count > MOST_LINES):
            return 1
        quotes += line.count('"')
        if quotes % 2 == 0:
            return count
    return 0
