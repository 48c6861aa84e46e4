from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import DomainError
from discovery.domain.note_key import lock_for_keys, owner, problems_of
from discovery.models import ExternalKey
from discovery.tracker_items import subjects_of
from discovery.trackers.key_sheet import read_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accounts.models import User
    from discovery.models import Finding
    from discovery.trackers.key_sheet import KeyRow
    from engagements.models import Engagement, GateTask

MOST_SENTENCES = 30
EXAMPLE = "MAIL-123"  # a key that is one, to look at an address alone
CHANGED = ("key", "address", "version", "changed_by", "changed_at")


@dataclass(frozen=True, slots=True)
class ImportedKeys:
    """`known` stood there already; `strange` are rows of tickets that name nothing of the portal."""

    new: int
    known: int
    strange: int


@dataclass(slots=True)
class _Desk:
    """What stands, by its thing and by its key, and what the rows so far add to it."""

    by_subject: dict[Finding | GateTask, ExternalKey]
    by_key: dict[str, ExternalKey]
    changed: dict[Finding | GateTask, ExternalKey] = field(default_factory=dict)


@transaction.atomic
def import_keys(engagement: Engagement, *, system: str, content: bytes, actor: User, base: str = "") -> ImportedKeys:
    """Record every key of a tracker's file, or none. `base` is what stands before a key in the address of a ticket.

    Raises DomainError with one sentence for each row that is wrong, by its number. A key that stands is replaced by no
    file: it is taken off first.
    """
    engagement = lock_for_keys(engagement.pk, actor=actor)
    sheet = read_keys(content)
    base = base.strip()
    _refuse([sheet.problem] if sheet.problem else problems_of(EXAMPLE, base))
    desk, subjects = _desk_of(engagement, system), subjects_of(engagement)
    problems = []
    for row in sheet.rows:
        subject = subjects.get(row.external_id.upper())
        if subject is None:
            problems.append(f"Row {row.number}: {row.external_id} names no finding and no task of this engagement.")
        else:
            problems += [f"Row {row.number}: {said}" for said in _put(row, subject, system, base, desk)]
    _refuse(problems)
    _save(engagement, desk, actor)
    if desk.changed:
        pairs = [[one.external_id, one.key] for one in desk.changed.values()]
        label = ExternalKey.System(system).label
        record("keys.imported", subject=engagement, actor=actor, system=label, count=len(pairs), keys=pairs)
    return ImportedKeys(len(desk.changed), len(sheet.rows) - len(desk.changed), sheet.strange)


def _desk_of(engagement: Engagement, system: str) -> _Desk:
    known = ExternalKey.objects.filter(engagement=engagement, system=system).select_related("finding", "task")
    rows = list(known)
    return _Desk({one.subject: one for one in rows}, {one.key.lower(): one for one in rows if one.key})


def _put(row: KeyRow, subject: Finding | GateTask, system: str, base: str, desk: _Desk) -> Iterator[str]:
    """Lay a row's key on the desk, or say why not."""
    address = row.address or (f"{base}{quote(row.key)}" if base else "")
    if problems := problems_of(row.key, address):
        yield from problems
        return
    standing, other = desk.by_subject.get(subject), desk.by_key.get(row.key.lower())
    if other and other.subject != subject:
        yield f"{row.key} belongs to “{other.subject}” already."
    elif standing and standing.key and standing.key != row.key:
        yield f"“{subject}” has {standing.key} already. Take that key off first, on its page."
    elif not standing or (standing.key, standing.address) != (row.key, address or standing.address):
        kept = standing or ExternalKey(system=system, version=0, **owner(subject))
        kept.key, kept.address = row.key, address or kept.address
        desk.by_subject[subject] = desk.by_key[row.key.lower()] = kept
        desk.changed[subject] = kept


def _save(engagement: Engagement, desk: _Desk, actor: User) -> None:
    changed = desk.changed.values()
    for kept in changed:
        kept.engagement, kept.version = engagement, kept.version + 1
        kept.changed_by, kept.changed_at = actor, timezone.now()
    ExternalKey.objects.bulk_update([one for one in changed if one.pk], CHANGED, batch_size=500)
    ExternalKey.objects.bulk_create([one for one in changed if not one.pk], batch_size=500)


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        more = len(problems) - MOST_SENTENCES
        rest = [f"And {more} more."] if more > 0 else []
        raise DomainError("Nothing was recorded.", *problems[:MOST_SENTENCES], *rest)
