"""The table for a tracker as a file, as a page and a route give it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from core.downloads import CSV, attachment
from core.errors import DomainError
from discovery.tracker_items import Chosen, items_of
from discovery.trackers.book import Tracker, trackers
from discovery.trackers.table import tracker_csv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from accounts.models import User
    from engagements.models import Engagement


def tracker_in(system: str) -> Tracker:
    """Raises Http404 for a tracker that has no table."""
    if system not in trackers():
        raise Http404
    return trackers()[system]


def exported(engagement: Engagement, reader: User, system: str, asked: Mapping[str, str]) -> HttpResponse:
    """UTF-8 without a mark of its order: an importer would take the mark for a part of the first column's name.

    Raises Http404 for a tracker that has no table, DomainError for rows that are none.
    """
    tracker = tracker_in(system)
    chosen = asked.get("rows", Chosen.ALL)
    if chosen not in Chosen.values:
        raise DomainError(f"rows is one of {', '.join(Chosen.values)}. Nothing was sent.")
    text = tracker_csv(items_of(engagement, reader, system=system, chosen=chosen), tracker)
    return attachment(text.encode("utf-8", "replace"), CSV, f"{tracker.name}-{engagement.code}.csv")
