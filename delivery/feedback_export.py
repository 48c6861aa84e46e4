"""The queue as a file that a program fetches: what is asked for, from a number on, in columns of its own choosing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import Http404, StreamingHttpResponse

from core.downloads import CSV
from core.errors import DomainError
from core.forms import number_in
from delivery.feedback.exports import as_csv, as_json, columns_in
from delivery.feedback.limits import Unreadable
from delivery.feedback.statements import MYSQL, POSTGRESQL, as_sql, table_in
from delivery.feedback_queue import QueueFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from delivery.models.feedback import FeedbackItemQuerySet

    Writer = Callable[..., Iterator[str]]

SQL = "application/sql; charset=utf-8"
WRITERS: dict[str, tuple[Writer, str, str]] = {
    "csv": (as_csv, CSV, "csv"),
    "jsonl": (as_json, "application/x-ndjson; charset=utf-8", "jsonl"),
}
DIALECTS = {"postgresql": POSTGRESQL, "mysql": MYSQL}


def exported(items: FeedbackItemQuerySet, reader: str, asked: Mapping[str, str]) -> StreamingHttpResponse:
    """Oldest first, so that whoever keeps the last number can go on from it, or ask again from any number before.

    Raises Http404 for a reader that is none, DomainError for columns or a table that cannot be.
    """
    if reader not in {*WRITERS, *DIALECTS}:
        raise Http404
    try:
        columns = columns_in(asked.get("columns", ""))
        write, kind, ending = _writer(reader, asked)
    except Unreadable as refused:
        raise DomainError(str(refused)) from refused
    found = QueueFilter.read(asked).apply(items).filter(pk__gt=_known_in(asked.get("after", "")))
    rows = found.order_by("pk").values_list(*[field for _, field in columns])
    response = StreamingHttpResponse(write(rows.iterator(), columns), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="bounces.{ending}"'
    return response


def _known_in(after: str) -> int:
    """Raises DomainError for what is no number: told everything, a program would take it for what is new."""
    known = number_in(after)
    if after and not (after.isascii() and after.isdigit()):
        raise DomainError("after is the last id that is known already, a whole number. Nothing was sent.")
    return known


def _writer(reader: str, asked: Mapping[str, str]) -> tuple[Writer, str, str]:
    if reader in WRITERS:
        return WRITERS[reader]
    return partial(as_sql, table=table_in(asked.get("table", "")), dialect=DIALECTS[reader]), SQL, "sql"
