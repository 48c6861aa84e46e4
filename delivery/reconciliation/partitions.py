"""The same judgement in parts that know nothing of each other: rows by the hash of the queue id, then of the key.

What stands in tables elsewhere stands here in files of Parquet, a folder a part; the engine that judges sees all of
them as views. Each part is one process with an engine of its own, whose memory does not grow with the number of days.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.logs.engine import open_engine, statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Source

SQL = Path(__file__).with_name("sql")
# Columns that Parquet keeps as texts only.
TYPED = {
    "seen": "REPLACE (kind::happening AS kind)",
    "mentions": "REPLACE (kind::happening AS kind)",
    "whole": "REPLACE (kind::happening AS kind)",
    "finals": "REPLACE (kind::happening AS kind)",
    "journal": "REPLACE (outcome::said_of_it AS outcome)",
}
BY_UNIT = "coalesce(unit, hash(message_id), 0)"
BY_KEY = {
    "finals": "key_of(id, whom)",
    "journal": "key_of(hash(id_of(message_id)), hash(person(recipient)))",
}
MOST_HELD = 50_000  # rows, before a part is written


@dataclass(frozen=True, slots=True)
class Partitions:
    """`count` parts under `folder`, worked on by `workers` processes of which each may take `memory`."""

    folder: Path
    count: int
    workers: int
    memory: str

    def place(self, *names: str) -> str:
        """As it stands in a statement."""
        return str(self.folder.joinpath(*names)).replace("'", "''")

    def view(self, engine: Engine, table: str, *, part: int | str = "*", but: str = "") -> None:
        """`but` names a table with the rows that are left out."""
        values = {
            "table": table,
            "typed": TYPED.get(table, ""),
            "place": self.place(table, f"part={part}", "*.parquet"),
            "but": f"ANTI JOIN {but} USING (row)" if but else "",
        }
        engine.run(statement("part_view", SQL).format(**values))

    def spread(self, engine: Engine, table: str, rows: str, by: str, *, writer: str) -> None:
        """Write rows to the parts that a hash gives them. `writer` keeps apart what several write."""
        engine.run(f"SET partitioned_write_flush_threshold = {MOST_HELD}")
        values = {"by": by, "count": self.count, "rows": rows, "place": self.place(table), "writer": writer}
        engine.run(statement("part_spread", SQL).format(**values))

    def write(self, engine: Engine, table: str, part: int) -> None:
        (self.folder / table / f"part={part}").mkdir(parents=True, exist_ok=True)
        engine.run(f"COPY {table} TO '{self.place(table, f'part={part}', 'all.parquet')}' (FORMAT parquet)")

    def prepare(self, engine: Engine, table: str, rows: str) -> None:
        for part in range(self.count):
            self.write_none(engine, table, rows, part)

    def write_none(self, engine: Engine, table: str, rows: str, part: int) -> None:
        """A part that gets no rows has its columns."""
        (self.folder / table / f"part={part}").mkdir(parents=True, exist_ok=True)
        place = self.place(table, f"part={part}", "none.parquet")
        engine.run(statement("part_none", SQL).format(rows=rows, place=place))

    def run(self, step: str) -> None:
        """All parts of a step, as many at a time as there are workers."""
        with ProcessPoolExecutor(self.workers, mp_context=get_context("spawn")) as pool:
            for done in [pool.submit(PARTS[step], self, part) for part in range(self.count)]:
                done.result()


NUMBERED = "SELECT (file::BIGINT << 40) + rowid AS row, * FROM seen"


def set_aside(parts: Partitions, engine: Engine, source: Source) -> None:
    """What was read of one log goes to the parts, so that no two logs stand in memory."""
    parts.spread(engine, "seen", NUMBERED, BY_UNIT, writer=f"log{source.number}")
    engine.run("CREATE OR REPLACE TABLE seen AS FROM seen LIMIT 0")


def engine_of_part(parts: Partitions) -> Engine:
    engine = open_engine(memory=parts.memory, threads=1, spill=parts.folder)
    engine.run("DROP TABLE seen")
    engine.run("DROP TABLE journal")
    engine.script(statement("schema", SQL))
    return engine


def find_ends(parts: Partitions, part: int) -> None:
    """What the logs say of the queue ids of one part."""
    with engine_of_part(parts) as engine:
        engine.run(f"CREATE VIEW told_again AS FROM read_parquet('{parts.place('told_again.parquet')}')")
        parts.view(engine, "seen", part=part, but="told_again")
        engine.script(statement("finals", SQL))
        for table in ("mentions", "named", "lives", "whole"):
            parts.write(engine, table, part)
        parts.write_none(engine, "finals", "FROM finals", part)
        parts.spread(engine, "finals", "FROM finals", BY_KEY["finals"], writer=f"unit{part}")


def fill_ledger(parts: Partitions, part: int) -> None:
    """The ledger of the keys of one part."""
    with engine_of_part(parts) as engine:
        for table in ("handed", "paths"):
            engine.run(f"CREATE TABLE {table} AS FROM read_parquet('{parts.place(f'{table}.parquet')}')")
        parts.view(engine, "finals", part=part, but="handed")
        parts.view(engine, "journal", part=part)
        engine.script(statement("ledger", SQL))
        parts.write(engine, "ledger", part)


PARTS = {"ends": find_ends, "ledger": fill_ledger}


def publish(parts: Partitions, engine: Engine, tables: Sequence[str]) -> None:
    """Small tables that every part needs."""
    for table in tables:
        engine.run(f"COPY {table} TO '{parts.place(f'{table}.parquet')}' (FORMAT parquet)")
