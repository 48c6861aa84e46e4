"""Programs that Postfix calls: scripts that were read, and those of which only the configuration speaks."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from reports.sheets.phrases import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.sheets.blocks import Cell
    from reports.sheets.desk import Desk

RUNS, ARGV = "runs ", "argv="  # as reports/content/estate_rows.py and master.cf write a command
ASKED = frozenset({"policy", "content_filter", "proxy_filter"})
CUSTOM = "custom"  # a product that nothing tells


def called_rows(desk: Desk) -> list[list[Cell]]:
    """Host, program, what is known, of the scripts first."""
    return [
        *(_row(desk, row, row["name"], _said(desk, row["detail"])) for row in desk.part("estate", "scripts")),
        *_run(desk),
        *_asked(desk),
    ]


def _row(desk: Desk, row: Mapping[str, Any], name: str, said: Sequence[str]) -> list[Cell]:
    known = "; ".join(part for part in said if part)
    return [desk.cell(row["host"]), desk.mono(name, proof=desk.read_in(row)), desk.cell(known)]


def _said(desk: Desk, detail: Sequence[str]) -> list[str]:
    return [say(desk.words, part) for part in detail]


def _run(desk: Desk) -> Iterator[list[Cell]]:
    """Commands of pipe and spawn whose script was not read."""
    read = {(row["host"], posixpath.basename(row["name"])) for row in desk.part("estate", "scripts")}
    for row, agent, command in _commands(desk):
        names = {posixpath.basename(word) for word in command.split()}
        if not any((row["host"], name) in read for name in names):
            said = [desk.words("dossiers.called.run", agent=agent, service=row["name"])]
            yield _row(desk, row, command, [*said, desk.words("dossiers.called.not_read")])


def _commands(desk: Desk) -> Iterator[tuple[Mapping[str, Any], str, str]]:
    """The row of each service that runs a program, its agent and the command."""
    for row in desk.part("estate", "transports"):
        for part in row["detail"]:
            if part.startswith(RUNS):
                yield row, row["detail"][0], part.removeprefix(RUNS)
    for row in desk.part("estate", "listeners"):
        agent, _, command = row["detail"][0].partition(ARGV)
        if command:
            yield row, agent.split(" ")[0], command


def _asked(desk: Desk) -> Iterator[list[Cell]]:
    """Policy services and filters, each once however many settings name it."""
    run = {(row["host"], row["name"]) for row, _, _ in _commands(desk)}
    seen: set[tuple[str, str]] = set()
    for row in desk.part("basis", "filters"):
        kind, target, function = row["detail"]
        is_run = (row["host"], target.partition(":")[0]) in run
        if kind in ASKED and not is_run and (row["host"], target) not in seen:
            seen.add((row["host"], target))
            known = [row["name"], say(desk.words, function)] if row["name"] != CUSTOM else []
            yield _row(desk, row, target, [desk.words(f"dossiers.called.{kind}"), *known])
