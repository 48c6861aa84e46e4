"""The suppression list as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from core.downloads import CSV, attachment, spreadsheet
from delivery.feedback.lists import Listed, ListForm, write_list

if TYPE_CHECKING:
    from django.http import HttpResponse

    from delivery.models.feedback import SuppressionQuerySet

KINDS = {
    ListForm.CSV: (CSV, "csv"),
    ListForm.POWERMTA: ("text/plain; charset=utf-8", "txt"),
    ListForm.KUMOMTA: ("application/json", "json"),
}


def list_form(reader: str) -> ListForm:
    """Raises Http404 for a reader that is none."""
    try:
        return ListForm(reader)
    except ValueError:
        raise Http404 from None


def written(rows: SuppressionQuerySet, form: ListForm, scope: str = "") -> HttpResponse:
    """Everything, or what one stream or list is not to send to."""
    rows = rows.filter(scope__in=["", scope]) if scope else rows
    listed = [
        Listed(row.address, row.scope, row.source, row.reason, row.made_at.date().isoformat())
        for row in rows.order_by("address", "scope").iterator()
    ]
    text, name = write_list(listed, form, scope), f"suppressions.{KINDS[form][1]}"
    return spreadsheet(text, name) if form is ListForm.CSV else attachment(text.encode(), KINDS[form][0], name)
