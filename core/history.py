"""What the ledger tells of one thing, as its page shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.audit import chain_of, describe
from core.components import HistoryRow
from core.models import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model


# What one person causes within so short a time is one act with what follows from it.
AT_ONCE = timedelta(seconds=2)
ONE_SITTING = timedelta(minutes=10)  # for the same act again and again


def acts_in(events: Iterable[AuditEvent]) -> list[list[AuditEvent]]:
    """Events, latest first, by the act they belong to; inside each act in the order they were written."""
    acts: list[list[AuditEvent]] = []
    for event in events:
        if acts and _is_of_one_act(event, acts[-1][0]):
            acts[-1].insert(0, event)
        else:
            acts.append([event])
    return acts


def _is_of_one_act(earlier: AuditEvent, later: AuditEvent) -> bool:
    if earlier.actor_label != later.actor_label:
        return False
    apart = later.at - earlier.at
    return apart <= AT_ONCE or (earlier.action == later.action and apart <= ONE_SITTING)


def history_about(*subjects: Model, most: int | None = None) -> list[HistoryRow]:
    """Latest first, at most so many. The subjects are rows of one model on one chain; there is none without one."""
    if not subjects:
        return []
    events = AuditEvent.objects.filter(
        chain=chain_of(subjects[0]),
        subject_type=subjects[0]._meta.label,
        subject_id__in=[str(subject.pk) for subject in subjects],
    )
    return [HistoryRow(at=event.at, sentence=describe(event)) for event in events.order_by("-sequence")[:most]]
