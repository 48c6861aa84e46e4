"""DuckDB, embedded: a bounded part of memory, the rest of what it needs in a folder that goes when it is closed."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb

if TYPE_CHECKING:
    from types import TracebackType

SQL = Path(__file__).with_name("sql")
MEMORY = "500MB"
THREADS = 2
# Beware: a checkpoint tidies up after deletions and numbers rows anew, while they are looked up by their numbers.
NO_CHECKPOINT = "1000TiB"

Row = tuple[Any, ...]


@dataclass(slots=True)
class Engine:
    """A connection, and the folder for what does not fit into memory and for files that were made readable."""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    def run(self, statement: str, **values: object) -> None:
        self.connection.execute(statement, values or None)

    def script(self, text: str, **values: object) -> None:
        """Statements one after the other, each with the values that it names."""
        for one in text.split(";\n"):
            if one.strip():
                self.run(one, **{key: value for key, value in values.items() if f"${key}" in one})

    def rows(self, statement: str, **values: object) -> list[Row]:
        return self.connection.execute(statement, values or None).fetchall()

    def value(self, statement: str, **values: object) -> Any:
        found = self.rows(statement, **values)
        return found[0][0] if found else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def open_engine(*, memory: str = MEMORY, threads: int = THREADS, spill: Path | None = None) -> Engine:
    """An engine with the tables that the readers fill. `spill` is where its folder is made."""
    folder = Path(tempfile.mkdtemp(prefix="gatepost-ledger-", dir=spill))
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "threads": threads,
            "checkpoint_threshold": NO_CHECKPOINT,
            "temp_directory": str(folder),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET TimeZone = 'UTC'")
    engine = Engine(connection, folder)
    engine.run(statement("schema"))
    return engine


@cache
def statement(name: str, folder: Path = SQL) -> str:
    """The text of a file of SQL."""
    return (folder / f"{name}.sql").read_text(encoding="utf-8")


def columns_of(count: int, *, first: int = 1) -> str:
    """What read_csv is told of columns that have only numbers."""
    named = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(first, first + count))
    return f"{{{named}}}"
