"""What the ledger tells of one thing, as its page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.audit import chain_of, describe
from core.components import HistoryRow
from core.models import AuditEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model


def acts_in(events: Iterable[AuditEvent]) -> list[list[AuditEvent]]:
    """Events, latest first, by the act they belong to; inside each act in the order they were written.

    An act is what one person did in one transaction, with what the portal did because of it.
    """
    acts: list[list[AuditEvent]] = []
    for event in events:
        if acts and _is_of_one_act(event, acts[-1][0]):
            acts[-1].insert(0, event)
        else:
            acts.append([event])
    return acts


def _is_of_one_act(earlier: AuditEvent, later: AuditEvent) -> bool:
    if earlier.act is None or earlier.act != later.act:
        return False
    return later.actor_id in {earlier.actor_id, None}


def runs_in(acts: Iterable[list[AuditEvent]]) -> list[list[list[AuditEvent]]]:
    """Acts of one event each that one person did again and again on one day of the reader stand together."""
    runs: list[list[list[AuditEvent]]] = []
    for act in acts:
        if runs and len(act) == len(runs[-1][0]) == 1 and _is_the_same_again(act[0], runs[-1][0][0]):
            runs[-1].insert(0, act)
        else:
            runs.append([act])
    return runs


def _is_the_same_again(earlier: AuditEvent, later: AuditEvent) -> bool:
    one, other = ((event.actor_label, event.action, timezone.localdate(event.at)) for event in (earlier, later))
    return one == other


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
