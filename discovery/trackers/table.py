"""Findings and tasks as a table for the importer of a tracker."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discovery.spreadsheets import safe_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from discovery.trackers.book import Column, Tracker

PORTAL = "gatepost"
CUT = "…"


@dataclass(frozen=True, slots=True)
class TrackerItem:
    """A finding or a task as a tracker is told of it.

    `weight` is a severity, or "task"; `state` one of the words of `book.yaml`. `said` is what the portal's page says,
    paragraph by paragraph; `verbatim` what it quotes. `keys` are those of the trackers, by the tracker's name.
    """

    external_id: str
    code: str
    kind: str
    title: str
    weight: str
    state: str
    subject: str
    said: tuple[str, ...]
    verbatim: str
    address: str
    assignee: str = ""
    due: date | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


def tracker_csv(items: Iterable[TrackerItem], tracker: Tracker) -> str:
    """No cell begins as a formula does. A column for keys stands there as soon as one row has a key."""
    rows = list(items)
    has_keys = any(tracker.name in item.keys for item in rows)
    columns = [column for column in tracker.columns if has_keys or not column.with_keys]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name for column in columns])
    writer.writerows(_row(item, columns, tracker) for item in rows)
    return text.getvalue()


def _row(item: TrackerItem, columns: Iterable[Column], tracker: Tracker) -> Iterator[str]:
    facts = _facts(item, tracker)
    for column in columns:
        fact = facts[column.fact] if column.fact != "description" else _description(item, column, tracker)
        value = column.values[fact] if column.values else fact
        yield safe_cell(_cut(value, column.longest))


def _facts(item: TrackerItem, tracker: Tracker) -> Mapping[str, str]:
    return {
        "external_id": item.external_id,
        "portal": PORTAL,
        "code": _label(item.code),
        "kind": item.kind,
        "title": " ".join(item.title.split()),
        "weight": item.weight,
        "state": item.state,
        "subject": _label(item.subject),
        "due": item.due.strftime(tracker.day) if item.due else "",
        "assignee": item.assignee,
        "address": item.address,
        "key": item.keys.get(tracker.name, ""),
    }


def _label(text: str) -> str:
    """A label has no spaces."""
    return "-".join(text.split())


def _description(item: TrackerItem, column: Column, tracker: Tracker) -> str:
    """What is said, what is quoted, and where it stands in the portal, which is never cut off."""
    begin, end = tracker.verbatim
    quoted = "\n".join(part for part in (begin, item.verbatim, end) if part) if item.verbatim else ""
    whole = "\n\n".join(part for part in (*item.said, quoted) if part)
    where = f"\n\nGatepost: {item.address}"
    return _cut(whole, column.longest - len(where)) + where


def _cut(text: str, longest: int) -> str:
    return text if not longest or len(text) <= longest else text[: longest - len(CUT)] + CUT
