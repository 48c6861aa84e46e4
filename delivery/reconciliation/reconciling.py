"""Puts together what the journal and the logs say of each message."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.logs import journal
from delivery.logs.engine import statement
from delivery.logs.reading import read_log
from delivery.logs.sources import Source, Told
from delivery.reconciliation.judging import judge, judge_in_parts
from delivery.reconciliation.partitions import NUMBERED, set_aside
from delivery.reconciliation.rules import limits
from delivery.reconciliation.secrecy import hash_recipients, refuse_hashed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Kind
    from delivery.reconciliation.partitions import Partitions

SQL = Path(__file__).with_name("sql")
HARDLY_READ = (
    "Most of its lines were not understood, so it covers no time: what became of messages that it does not tell of "
    "cannot be told, and none is called missing for it."
)
SIDES = {"postfix": "old", "powermta": "new", "kumomta": "new", "journal": None}


def reconcile(
    engine: Engine, paths: Iterable[tuple[Kind, Path]], *, secret: bytes = b"", parts: Partitions | None = None
) -> list[Told]:
    """Read all files and judge. What came of it stands in the tables cases, ledger, balance, clocks and silences.

    `secret` is the recipients_key of the proxy, where it has one.
    """
    sources = sources_of(paths)
    engine.script(statement("schema", SQL))
    rows = [(source.number, str(source.path), source.kind, SIDES[source.kind]) for source in sources]
    if rows:
        engine.connection.executemany("INSERT INTO files (number, name, kind, side) VALUES (?, ?, ?, ?)", rows)
    told = read_all(engine, sources, parts)
    mark_unreadable(engine, told)
    if parts:
        refuse_hashed(engine)
        judge_in_parts(engine, parts)
    else:
        hash_recipients(engine, secret)
        judge(engine)
    return told


def mark_unreadable(engine: Engine, told: list[Told]) -> None:
    """A file of which hardly anything was understood covers no time."""
    for each in told:
        if each.not_understood > limits()["unreadable"] * each.read or (each.troubles and not each.read):
            engine.run("UPDATE files SET is_unreadable = true WHERE number = $number", number=each.source.number)
            each.shortcoming = each.shortcoming or (HARDLY_READ if each.read and each.source.kind != "journal" else "")


def sources_of(paths: Iterable[tuple[Kind, Path]]) -> list[Source]:
    """Each file once; folders as their files."""
    every = ((kind, file) for kind, path in paths for file in journal.files_of(path))
    return [Source(kind, path, number) for number, (kind, path) in enumerate(dict.fromkeys(every))]


def read_all(engine: Engine, sources: list[Source], parts: Partitions | None) -> list[Told]:
    """The journal and the logs with full dates first: they tell the year of stamps that have none."""
    told = [read_log(engine, source) for source in sources if source.kind == "journal"]
    journal.conclude(engine)
    if parts:
        parts.prepare(engine, "seen", NUMBERED)
    told += [read_one(engine, source, parts) for source in sources if source.kind in {"powermta", "kumomta"}]
    set_year(engine, f"read_parquet('{parts.place('seen', '*', '*.parquet')}')" if parts else "seen")
    return told + [read_one(engine, source, parts) for source in sources if source.kind == "postfix"]


def read_one(engine: Engine, source: Source, parts: Partitions | None) -> Told:
    told = read_log(engine, source)
    if parts:
        set_aside(parts, engine, source)
    return told


def set_year(engine: Engine, rows: str = "seen") -> None:
    """What stamps without a year are near to: the middle of what the journal or the other logs are about, or now."""
    middle = statement("middle", SQL)
    reference = engine.value(middle.format(rows="journal")) or engine.value(middle.format(rows=rows))
    moment = time.time() if reference is None else reference
    year = time.gmtime(moment).tm_year
    engine.run(f"SET VARIABLE reference = {moment}")
    for name, number in (("year", year), ("year_before", year - 1), ("year_after", year + 1)):
        engine.run(f"SET VARIABLE {name} = '{number}'")
