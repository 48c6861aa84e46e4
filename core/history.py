"""What the ledger tells of one thing, as its page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.audit import chain_of, describe
from core.components import HistoryRow
from core.models import AuditEvent

if TYPE_CHECKING:
    from django.db.models import Model


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
