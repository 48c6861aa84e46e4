"""A runbook with the customer's own names in it. What is not known is told, and nothing is put in its place."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.languages import FIRST
from reports.runbooks.book import asks, in_language, shapes
from reports.runbooks.commands import ASKS, faults_of, sources_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reports.runbooks.book import Part, Runbook, Step

MARK = re.compile(r"\[\[(\w+)\]\]")
LEFT = re.compile(r"\[\[|\]\]")
# The tables that somebody can be asked for, each by the fact that fills it.
ASKED_FOR = {"addresses": "addresses", "certificates": "certificate"}

Row = Mapping[str, str]
NOT_SET = "not set"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one customer. `said` are single facts by name, `tables` rows by table."""

    target: str
    said: Mapping[str, str]
    tables: Mapping[str, Sequence[Row]]
    language: str = FIRST


@dataclass(slots=True)
class Desk:
    facts: Facts
    missing: dict[str, None] = field(default_factory=dict)

    def part(self, part: Part) -> str:
        return part if isinstance(part, str) else part.get(self.facts.target, "")

    def told(self, text: str) -> str:
        return in_language(text, self.facts.language)

    def text(self, part: Part) -> str:
        return self._filled(self.told(self.part(part).strip()), {}, str)

    def fact(self, name: str) -> str:
        return self._filled(f"[[{name}]]", {}, str)

    def command(self, part: Part, row: Row) -> str:
        return self._filled(self.part(part), row, shlex.quote).strip("\n")

    def _filled(self, text: str, row: Row, quote: Callable[[str], str]) -> str:
        def known(mark: re.Match[str]) -> str:
            name = mark[1]
            value = row.get(name, "") or self.facts.said.get(name, "")
            if value:
                return quote(value)
            self.missing[name] = None
            return f"(not known yet: {title_of(name)})"

        return MARK.sub(known, text)


@dataclass(frozen=True, slots=True)
class Filled:
    """`missing` are names of facts that nobody knows, `faults` what stands against its commands."""

    content: dict[str, Any]
    missing: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def reasons(self) -> list[str]:
        """Why it cannot be drawn up, in sentences; empty when it can."""
        return [f"It is not known yet: {title_of(name)}." for name in self.missing] + list(self.faults)


def title_of(fact: str) -> str:
    return asks()[fact].title if fact in asks() else fact.replace("_", " ")


def is_needed(runbook: Runbook, facts: Facts) -> bool:
    return all(facts.tables.get(table) for table in runbook.needs)


def fill(runbook: Runbook, facts: Facts) -> Filled:
    desk = Desk(facts)
    steps = {part: list(_steps(desk, rows)) for part, rows in (("steps", runbook.steps), ("back", runbook.back))}
    contact = [{"title": desk.told(title_of(name)), "text": desk.fact(name)} for name in runbook.contact]
    commands = [step["command"] for part in steps.values() for step in part if step["command"]]
    content = {
        "key": runbook.key,
        "language": facts.language,
        "title": runbook.title[facts.language],
        "target": facts.target,
        "organization": facts.said["organization"],
        "code": facts.said["code"],
        "trigger": [desk.text(line) for line in runbook.trigger],
        "tables": [_table(desk, name) for name in runbook.tables if facts.tables.get(name)],
        **steps,
        "contact": contact,
        "sources": sources_of(commands),
    }
    faults = () if desk.missing else (*faults_of(commands), *_left(content))
    return Filled(content, tuple(desk.missing), faults)


def _left(content: Mapping[str, Any]) -> Iterator[str]:
    """Marks that nothing filled, wherever they stand."""
    for text in texts_in(content):
        if LEFT.search(text):
            yield f"A place was left to fill in: {text[:80]}."


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in texts_in(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in texts_in(each))


def _steps(desk: Desk, steps: Sequence[Step]) -> Iterator[dict[str, str]]:
    for step in steps:
        rows = _rows(desk, step)
        if (
            step.each
            and not rows
            and not desk.part(step.once)
            and step.each not in ASKED_FOR
            and not step.rollback_step
        ):
            continue
        yield {
            "title": _title(desk, step),
            "where": desk.text(step.where),
            "text": desk.text(step.text),
            "command": _command(desk, step, rows),
            "expect": desk.text(step.expect),
        }


def _title(desk: Desk, step: Step) -> str:
    return desk.told(step.title or desk.facts.tables["way_back"][step.rollback_step - 1]["title"])


def _rows(desk: Desk, step: Step) -> Sequence[Row]:
    if not step.each:
        return [{}]
    rows = desk.facts.tables.get(step.each, ())
    if not rows and step.each in ASKED_FOR:
        desk.missing[ASKED_FOR[step.each]] = None
    return rows


def _command(desk: Desk, step: Step, rows: Sequence[Row]) -> str:
    """Once, then for each row, then once more; a line that two rows share is told once.

    What asks is one block: a shell reads it to its end before it asks, so no pasted line is taken for an answer.
    """
    parts = [desk.command(step.once, {})]
    parts += dict.fromkeys(desk.command(step.run, row) for row in rows)
    parts.append(desk.command(step.then, {}))
    command = "\n".join(part for part in parts if part)
    return f"{{\n{command}\n}}" if ASKS.search(command) else command


def _table(desk: Desk, name: str) -> dict[str, Any]:
    """Columns in which no row says anything are left out."""
    shape, rows = shapes()[name], desk.facts.tables[name]
    columns = [key for key in shape.columns if any(row.get(key) for row in rows)]
    return {
        "title": desk.told(shape.title),
        "columns": [desk.told(shape.columns[key]) for key in columns],
        "rows": [[row.get(key) or desk.told(NOT_SET) for key in columns] for row in rows],
    }
