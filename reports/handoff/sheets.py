"""The tables of a pack for people and spreadsheets. The same rows give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.db.models.functions import TruncDate

from core.audit import canonical, describe
from core.downloads import BYTE_ORDER_MARK
from delivery.models import Suppression, TrafficHour
from delivery.traffic_state import newest_run
from discovery.spreadsheets import safe_cell
from discovery.translation_map import map_csv
from reports.handoff.recurring import recurring_tasks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.models import AuditEvent
    from discovery.models import TranslationSet
    from engagements.models import Engagement
    from reports.handoff.rows import Row, Rows

COUNTED = ("delivered", "failed", "deferred", "timed", "slow")


def spreadsheet_of(header: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe_cell("" if cell is None else str(cell)) for cell in row] for row in rows)
    return _encoded(text.getvalue())


def _encoded(text: str) -> bytes:
    return (BYTE_ORDER_MARK + text).encode("utf-8", "replace")


def indented(value: object) -> bytes:
    return json.dumps(json.loads(canonical(value)), indent=1, ensure_ascii=False, sort_keys=True).encode()


def history_sheets(events: Sequence[AuditEvent], told: set[int]) -> dict[str, bytes]:
    rows = [_told(event) for event in events if event.sequence in told]
    header = ("number", "at", "who", "action", "sentence")
    return {
        "history.csv": spreadsheet_of(header, ([row[name] for name in header] for row in rows)),
        "history.json": indented(rows),
    }


def _told(event: AuditEvent) -> dict[str, Any]:
    at = event.at.isoformat(timespec="seconds")
    who, what = event.actor_label, event.action
    return {"number": event.sequence, "at": at, "who": who, "action": what, "sentence": describe(event)}


def totals_sheets(engagement: Engagement) -> dict[str, bytes]:
    """What the newest reconciliation came to, and by day, side and provider (days of UTC). Empty before the first."""
    run = newest_run(engagement)
    hours = TrafficHour.objects.filter(run=run).annotate(day=TruncDate("hour")).values("day", "side", "provider")
    summed = hours.annotate(**{name: Sum(name) for name in COUNTED}).order_by("day", "side", "provider")
    header = ("day", "side", "provider", *COUNTED)
    whole = {"run": run.number, "to": run.covered_to, "from": run.covered_from, "report": run.report} if run else {}
    return {
        "totals.csv": spreadsheet_of(header, ([row[name] for name in header] for row in summed)),
        "totals.json": indented(whole),
    }


def suppression_sheet(engagement: Engagement) -> bytes:
    rows = Suppression.objects.filter(engagement=engagement).standing().order_by("address", "scope")
    told = ((one.address, one.scope, one.source, one.reason, one.made_at.isoformat()) for one in rows)
    return spreadsheet_of(("address", "scope", "source", "reason", "since"), told)


def map_sheet(sets: Iterable[TranslationSet]) -> Iterator[tuple[str, bytes]]:
    """Of the set for the target; of each, while none is chosen."""
    every = list(sets)
    for one in every:
        name = "translation-map.csv" if len(every) == 1 else f"translation-map-{one.target}.csv"
        yield name, _encoded(map_csv(one.rows.blocking_first().select_related("upload")))


def training_sheet(found: Rows) -> bytes:
    """A line for each session, each person who came, and each exercise."""
    names = {person["number_here"]: person["full_name"] for person in found["people"]}
    endings = {row["session"]: row for row in found["training_endings"]}
    header = ("session", "title", "starts", "what", "person", "detail")
    return spreadsheet_of(
        header, (line for one in found["training_sessions"] for line in _session(one, found, names, endings))
    )


def _session(one: Row, found: Rows, names: dict[int, str], endings: dict[int, Row]) -> Iterator[tuple[object, ...]]:
    head = (one["number"], one["title"], _instant(one["starts_at"]))
    yield (*head, "planned", names[one["trainer"]], f"{one['minutes']} minutes")
    ending = endings.get(one["number_here"])
    if ending and ending["minutes"] is None:
        yield (*head, "cancelled", names[ending["noted_by"]], ending["reason"])
    elif ending:
        yield (*head, "held", names[ending["noted_by"]], f"{ending['minutes']} minutes")
    mine = one["number_here"]
    for row in (row for row in found["training_attendances"] if row["session"] == mine):
        yield (*head, "came", names[row["person"]], f"noted by {names[row['noted_by']]}")
    for row in (row for row in found["training_exercises"] if row["session"] == mine):
        yield (*head, "exercise", names[row["person"]], f"{row['task']} {row['result']}")


def _instant(value: Any) -> str:
    return str(value.isoformat(timespec="minutes"))


def recurring_sheet(found: Rows) -> bytes:
    tasks = recurring_tasks(found)
    return spreadsheet_of(
        ("task", "of", "due on", "why"), ((one.kind, one.subject, one.due_on, one.basis) for one in tasks)
    )
