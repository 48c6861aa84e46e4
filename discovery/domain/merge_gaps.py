"""What a new set of a target shows as custom work or a gap, merged into what was known and decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.numbering import next_number
from discovery.gap_words import what_changed
from discovery.models import Gap, TranslatedConstruct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import User
    from discovery.models import TranslationSet

OPEN = (TranslatedConstruct.Letter.CUSTOM, TranslatedConstruct.Letter.GAP)
UNDONE = {
    "recommended": "",
    "recommendation": "",
    "recommended_by": None,
    "recommended_at": None,
    "choice": "",
    "note": "",
    "decided_by": None,
    "decided_at": None,
}
MERGED = ("row", "gone_since", *UNDONE, "reopened_because", "version", "changed_by", "changed_at")
BATCH = 500


@dataclass(slots=True)
class GapChanges:
    new: list[Gap] = field(default_factory=list)
    reopened: list[Gap] = field(default_factory=list)
    gone: list[Gap] = field(default_factory=list)


@transaction.atomic
def merge_gaps(translation: TranslationSet, *, actor: User) -> GapChanges:
    """Every C and X of the set is a gap; one whose line or class changed is open again. Under the engagement's lock."""
    known = {
        (gap.host_label, gap.key): gap
        for gap in Gap.objects.filter(engagement=translation.engagement_id, target=translation.target).select_related(
            "row"
        )
    }
    rows = list(translation.rows.filter(letter__in=OPEN).select_related("upload"))
    shown = {(row.upload.host_label, row.key): row for row in rows}
    changes = GapChanges()
    changes.new = _add(translation, {place: row for place, row in shown.items() if place not in known})
    for place, row in shown.items():
        if (gap := known.get(place)) and _show(gap, row, actor):
            changes.reopened.append(gap)
    for place, gap in known.items():
        if place not in shown and gap.gone_since is None:
            gap.gone_since = translation
            changes.gone.append(gap)
    Gap.objects.bulk_update(list(known.values()), MERGED, BATCH)
    return changes


def _add(translation: TranslationSet, rows: Mapping[tuple[str, str], TranslatedConstruct]) -> list[Gap]:
    gaps = Gap.objects.filter(engagement=translation.engagement_id)
    first = next_number(gaps)
    made = [
        Gap(
            engagement=translation.engagement,
            number=number,
            target=translation.target,
            host_label=host,
            key=key,
            row=row,
            changed_at=timezone.now(),
        )
        for number, ((host, key), row) in enumerate(rows.items(), start=first)
    ]
    return Gap.objects.bulk_create(made, BATCH)


def _show(gap: Gap, row: TranslatedConstruct, actor: User) -> bool:
    """Let the gap stand for what the new set says; returns whether a decision did not survive that. Not saved here."""
    changed = what_changed(gap.row, row)
    gap.row, gap.gone_since = row, None
    if not changed:
        return False
    decided, was = bool(gap.choice), _told(gap)
    for name, nothing in UNDONE.items():
        setattr(gap, name, nothing)
    gap.version, gap.changed_by, gap.changed_at = gap.version + 1, actor, timezone.now()
    if decided:
        gap.reopened_because = " ".join(changed)
        record("gap.reopened", subject=gap, actor=actor, because=gap.reopened_because, was=was)
    return decided


def _told(gap: Gap) -> Sequence[str]:
    return [gap.choice, gap.note, gap.recommended, gap.recommendation]
