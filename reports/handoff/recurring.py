"""What comes around again after handoff, each with its day or with the reason why there is none, from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from reports.handoff.book import FOLDER
from reports.handoff.fields import day_of, moment_of
from reports.runbooks.book import shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

NO_KEY = "No record says when its key was made: note the key at the preflight."
NO_END = "No record says until when it holds. Read it on the host: openssl x509 -enddate -noout -in {file}"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecurringTask:
    """`due_on` is None where nothing tells a day; `basis` says where the day comes from, or why there is none."""

    kind: str
    subject: str
    due_on: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """What falls due on the same day for the same reason, for people to read; a calendar has each by itself."""

    kind: str
    due_on: date | None
    basis: str
    subjects: tuple[str, ...]


def grouped(tasks: Iterable[RecurringTask]) -> list[TaskGroup]:
    """In the order of the tasks."""
    found: dict[tuple[str, date | None, str], list[str]] = {}
    for task in tasks:
        found.setdefault((task.kind, task.due_on, task.basis), []).append(task.subject)
    return [TaskGroup(*same, tuple(subjects)) for same, subjects in found.items()]


TABLES = ("runbooks", "runbook_drills", "selector_keys")  # that it reads


@cache
def intervals() -> dict[str, int]:
    read: dict[str, int] = yaml.safe_load((FOLDER / "recurring.yaml").read_text(encoding="utf-8"))
    return read


def recurring_tasks(tables: Mapping[str, Sequence[Row]]) -> list[RecurringTask]:
    """`tables` as engagement.json has them. The earliest day first, those without a day at the end."""
    newest = newest_by(tables["runbooks"], "key", "number")
    every = [*_reviews(newest), *_drills(newest, tables["runbook_drills"], tables["runbooks"])]
    every += [*_rotations(newest, tables["selector_keys"]), *_certificates(newest)]
    return sorted(every, key=lambda one: (one.due_on or date.max, one.kind, one.subject))


def newest_by(rows: Iterable[Row], name: str, order: str) -> list[Row]:
    """Of each value of one field the row with the highest value of another."""
    found = {row[name]: row for row in sorted(rows, key=lambda row: row[order])}
    return [found[key] for key in sorted(found)]


def _day(value: object) -> date:
    """Of a row of the database, or of one that was read from a file and checked there."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    moment = moment_of(value)
    found = moment.date() if moment else day_of(value)
    if found is None:
        raise ValueError(f"{value} is no day")
    return found


def _reviews(newest: Iterable[Row]) -> Iterator[RecurringTask]:
    for row in newest:
        yield RecurringTask(
            "Runbook review", row["title"], _day(row["review_on"]), f"Revision {row['number']} names the day."
        )


def _drills(newest: Iterable[Row], drills: Sequence[Row], revisions: Iterable[Row]) -> Iterator[RecurringTask]:
    keys = {row["number_here"]: row["key"] for row in revisions}
    for row in newest:
        held = [_day(drill["held_on"]) for drill in drills if keys.get(drill["revision"]) == row["key"]]
        if held:
            basis = f"{intervals()['drill_days']} days after the last drill."
            due = max(held) + timedelta(days=intervals()["drill_days"])
            yield RecurringTask("Runbook drill", row["title"], due, basis)
        else:
            yield RecurringTask("Runbook drill", row["title"], None, "It was never tried out: the first drill is owed.")


def _rotations(newest: Sequence[Row], keys: Sequence[Row]) -> Iterator[RecurringTask]:
    days = intervals()["selector_rotation_days"]
    noted = {row["record_name"]: _day(row["noted_at"]) for row in newest_by(keys, "record_name", "number_here")}
    named = {f"{row['selector']}._domainkey.{row['domain']}" for row in rows_in(newest, "selectors")}
    for record in sorted(named | set(noted)):
        if record in noted:
            due, basis = noted[record] + timedelta(days=days), f"{days} days after its key was noted."
            yield RecurringTask("Selector rotation", record, due, basis)
        else:
            yield RecurringTask("Selector rotation", record, None, NO_KEY)


def _certificates(newest: Sequence[Row]) -> Iterator[RecurringTask]:
    for file in sorted({row["file"] for row in rows_in(newest, "certificates")}):
        yield RecurringTask("Certificate renewal", file, None, NO_END.format(file=file))


def rows_in(newest: Iterable[Row], name: str) -> Iterator[dict[str, str]]:
    """The rows of one table in every runbook that has it, by the names of its columns."""
    shape = shapes()[name]
    keys = {title: key for key, title in shape.columns.items()}
    for revision in newest:
        for table in revision["content"].get("tables", ()):
            if table["title"] == shape.title:
                columns = [keys.get(title, title) for title in table["columns"]]
                yield from (dict(zip(columns, row, strict=True)) for row in table["rows"])
