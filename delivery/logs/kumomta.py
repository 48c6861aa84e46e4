"""KumoMTA's log: a record a line, in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.logs.engine import statement

if TYPE_CHECKING:
    from pathlib import Path

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Source


def read(engine: Engine, source: Source, path: Path, packing: str) -> None:
    engine.run(statement("kumomta"), path=str(path), packing=packing, file=source.number)
    engine.run(statement("strange"), file=source.number)
