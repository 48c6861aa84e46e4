"""Streams: mail that is kept apart, what becomes of it, and what it is by its people or by the configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reports.sheets.phrases import say, say_stream

if TYPE_CHECKING:
    from reports.sheets.blocks import Cell
    from reports.sheets.desk import Desk

_REST = re.compile(r"Other mail(?: of .+)?")  # as discovery/postfix/streams.py names what nothing else takes


def stream_rows(desk: Desk) -> list[list[Cell]]:
    return [
        [
            desk.cell(f"{row['reference']} {say_stream(desk.words, row['name'])}", is_strong=True),
            desk.cell(desk.words.label(row["route"])),
            desk.cell(
                " ".join(part for part in (row["purpose"] or _found(desk, row["name"]), row["reason"]) if part) or "-"
            ),
        ]
        for row in desk.part("estate", "streams")
    ]


def _found(desk: Desk, name: str) -> str:
    """What the configuration tells of a stream that still has its name; empty where it has another."""
    if _REST.fullmatch(name):
        return desk.words("estate.rest")
    pools = [row["detail"][2] for row in desk.part("basis", "pools") if row["name"] == name]
    own = ["; ".join(_said(desk, row["detail"])) for row in desk.part("estate", "transports") if row["name"] == name]
    if pools:
        return say(desk.words, pools[0])
    told = "; ".join(dict.fromkeys(part for part in own if part))
    return desk.words("estate.by_transport", told=told) if told else ""


def _said(desk: Desk, detail: list[str]) -> list[str]:
    """Without the program, which tells no stream from another."""
    return [say(desk.words, part) for part in detail[1:]]
