"""KumoMTA's log: a record a line, in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from delivery.logs.engine import statement

if TYPE_CHECKING:
    from pathlib import Path

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Source


def read(engine: Engine, source: Source, path: Path, packing: str) -> None:
    """In haste first: to look at every line before it is taken apart costs as much again."""
    values = {"path": str(path), "packing": packing, "file": source.number}
    try:
        engine.script(statement("kumomta"), careful=False, **values)
    except duckdb.Error:
        engine.script(statement("kumomta"), careful=True, **values)
    engine.script(statement("strange"), file=source.number)
