"""What is wrong with a file as a whole, in a sentence: another kind of file, no header line, no message in it."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from core.counting import counted
from delivery.logs import journal, powermta
from delivery.logs.cells import cells_of, delimiter_of
from delivery.logs.laundering import lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from delivery.logs.engine import Engine
    from delivery.logs.sources import Told

NAMES = {
    "journal": "a journal of the proxy",
    "postfix": "a mail log of Postfix",
    "powermta": "an accounting file of PowerMTA",
    "kumomta": "a log segment of KumoMTA",
}
TABLES = {"journal": ("journal_lines", "entries")}
LOOKED_AT = 50
HEADER = (
    "It does not begin with a header line (type,timeLogged,...): columns are found by their names there, so records "
    "before the first one were not read. Put the header line of the same accounting file before them and give it again."
)


def judge_file(engine: Engine, told: Told) -> None:
    """Say what is wrong with a file that was just read."""
    tables = TABLES.get(told.source.kind, ("seen",))
    has_told = any(
        engine.value(f"SELECT count(*) FROM {table} WHERE file = $file", file=told.source.number)  # noqa: S608 (our own names)
        for table in tables
    )
    told.is_failing = not has_told and told.not_understood > 0
    told.shortcoming = shortcoming_of(told, has_told=has_told)


def shortcoming_of(told: Told, *, has_told: bool) -> str:
    if not told.read:
        return "" if told.troubles else "It is empty."
    if told.source.kind == "powermta" and is_headless(told.source.path):
        return HEADER
    if told.is_failing:
        return is_none(told)
    if not has_told:
        return f"It tells of no message in {counted(told.read, 'line')}."
    return ""


def is_none(told: Told) -> str:
    kind = told.source.kind
    looks = kind_of(told.source.path)
    other = f"; it looks like {NAMES[looks]}" if looks and looks != kind else ""
    as_such = " or this one as what it is" if other else ""
    return (
        f"Nothing of it was understood as {NAMES[kind]}{other}. It counts for nothing here. Give the right file in its "
        f"place{as_such}."
    )


def is_headless(path: Path) -> bool:
    """Whether it begins with an accounting record."""
    _, first = next(lines_of(path), (0, b""))
    return first.decode("utf-8-sig", "replace").partition(",")[0] in powermta.TYPES


def kind_of(path: Path) -> str:
    """What its first lines look like; "" where that is nothing known."""
    return next((kind for _, line in islice(lines_of(path), LOOKED_AT) if (kind := kind_of_line(line))), "")


def kind_of_line(line: bytes) -> str:
    if journal.is_native(line):
        return "journal"
    if line.lstrip().startswith(b"{"):
        return kind_of_members(journal.members_of(line), line)
    if b" postfix" in line and b"]: " in line:
        return "postfix"
    text = line.decode("utf-8-sig", "replace")
    header = {journal.standard(name.strip()) for name in cells_of(text, delimiter_of(text), is_strict=False)}
    if {"type", "timelogged"} <= header or line.partition(b",")[0].decode("latin-1") in powermta.TYPES:
        return "powermta"
    return "journal" if is_journal(dict.fromkeys(header)) else ""


def kind_of_members(members: Mapping[str, object], line: bytes) -> str:
    if is_journal(members):
        return "journal"
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    return "kumomta" if isinstance(read, dict) and {"type", "recipient"} <= read.keys() else ""


def is_journal(fields: Mapping[str, object]) -> bool:
    """Whether it says where something went, and to whom."""
    return all(any(name in fields for name in journal.names()[field]) for field in ("path", "recipients"))
