"""Judges what was read: in one engine, or in parts that come to the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from delivery.logs.engine import statement
from delivery.reconciliation.partitions import BY_KEY, publish
from delivery.reconciliation.rules import limits, parts_of_statements

if TYPE_CHECKING:
    from delivery.logs.engine import Engine
    from delivery.reconciliation.partitions import Partitions

SQL = Path(__file__).with_name("sql")


def run(engine: Engine, *steps: str) -> None:
    for step in steps:
        text = statement(step, SQL)
        engine.script(text.format(**parts_of_statements()) if step == "states" else text, **limits())


def receptions(engine: Engine) -> tuple[str, ...]:
    """Without a journal each MTA is held against itself."""
    return () if engine.value("SELECT count(*) FROM files WHERE kind = 'journal'") else ("receptions",)


def judge(engine: Engine) -> None:
    run(engine, "numbered", "overlaps")
    engine.run("DELETE FROM seen_rows WHERE rowid IN (SELECT row FROM told_again)")
    run(engine, "finals", "handed")
    engine.run("DELETE FROM finals WHERE row IN (SELECT row FROM handed)")
    run(engine, *receptions(engine), "paths", "ledger", "clocks", "odd", "pairs", "facts", "states")


def judge_in_parts(engine: Engine, parts: Partitions) -> None:
    """The two steps that grow with the logs are done by part; what stands alone afterwards is judged at once."""
    engine.run("DROP TABLE seen")
    parts.view(engine, "seen")
    run(engine, "overlaps")
    publish(parts, engine, ["told_again"])
    parts.view(engine, "seen", but="told_again")
    parts.run("ends")
    for table in ("mentions", "named", "lives", "whole", "finals"):
        parts.view(engine, table)
    run(engine, "handed", *receptions(engine), "paths")
    publish(parts, engine, ["handed", "paths"])
    parts.prepare(engine, "journal", "FROM journal")
    parts.spread(engine, "journal", "FROM journal", BY_KEY["journal"], writer="all")
    engine.run("DROP TABLE journal")
    parts.view(engine, "journal")
    parts.run("ledger")
    parts.view(engine, "ledger")
    parts.view(engine, "finals", but="handed")
    run(engine, "clocks", "odd", "pairs", "facts", "states")
