"""Where a figure comes from, in words: evidence that several pages cite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.sheets.desk import grouped, opening_of
from reports.sheets.phrases import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.sheets.desk import Desk


def source_proof(desk: Desk, facts: Mapping[str, object], source: str = "") -> str:
    said = say(desk.words, source or str(facts["source"]))
    day = facts.get("as_of")
    return (
        desk.words("proof.source", source=said, day=desk.words.day(str(day)))
        if day
        else desk.words("proof.named", source=said)
    )


def file_proof(desk: Desk, row: Mapping[str, Any]) -> str:
    return desk.words(
        "proof.file",
        number=row["translation"],
        target=row["target"],
        path=row["path"],
        digest=opening_of(row["sha256"]),
    )


def log_proof(desk: Desk, log: Mapping[str, Any]) -> str:
    return desk.words(
        "proof.log",
        number=log["number"],
        host=log["host"],
        first=log["first"],
        last=log["last"],
        lines=desk.figure(log["lines"]),
        digest=grouped(log["sha256"]),
    )


def logs_proof(desk: Desk) -> str:
    """The first log stands for all of one sum; the table of logs names each."""
    logs = desk.part("basis", "volumes", "logs")
    return log_proof(desk, logs[0]) if logs else ""
