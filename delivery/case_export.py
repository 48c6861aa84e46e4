"""The messages of cases as a file: all that are listed, or those of one case, or those that hold some words."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.db.models import Q

from core.downloads import spreadsheet
from discovery.spreadsheets import safe_cell

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from delivery.models import CaseItem

COLUMNS = (
    "case", "state", "cause", "path", "message_id", "recipient", "trace", "accepted_at", "ended_at", "became", "file",
    "found_in", "last_in",
)  # fmt: skip


def holding(items: QuerySet[CaseItem], text: str) -> QuerySet[CaseItem]:
    """Those with these words in the Message-ID, the recipient or the trace; all where there are none."""
    plain = text.strip("<> ")
    if not plain:
        return items
    said = Q(message_id__icontains=plain) | Q(recipient__icontains=plain) | Q(trace__icontains=plain)
    return items.filter(said)


def written(items: QuerySet[CaseItem], filename: str) -> HttpResponse:
    """What strangers wrote into a Message-ID is no formula of a spreadsheet."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for item in items.select_related("case", "found_in", "seen_in").order_by("case__number", "pk").iterator():
        rows.writerow([safe_cell(cell) for cell in _cells(item)])
    return spreadsheet(out.getvalue(), filename)


def _cells(item: CaseItem) -> list[str]:
    case = item.case
    about = [str(case.number), case.state, case.cause, case.path, item.message_id, item.recipient, item.trace]
    ended = [_moment(item.accepted_at), _moment(item.ended_at), item.became, item.file]
    return [*about, *ended, str(item.found_in.number), str(item.seen_in.number)]


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
