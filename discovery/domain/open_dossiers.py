"""Brings the dossiers of an engagement together with what its uploads show now."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.numbering import next_number
from discovery.domain.lock_dossier import lock_for_dossiers
from discovery.dossiers.found import found_in
from discovery.models import Dossier, Upload
from discovery.queries import estate_of_uploads
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from discovery.dossiers.notes import Notes
    from engagements.models import Engagement

BATCH = 500
REFRESHED = ("read", "evidence", "last_seen", "gone_since")

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class DossierChanges:
    opened: int = 0
    gone: int = 0


@transaction.atomic
def open_dossiers(engagement: Engagement, *, actor: User) -> DossierChanges:
    """Open a dossier for everything the current uploads show. Raises Refused or DomainError as a hand-made one does."""
    engagement = lock_for_dossiers(engagement.pk, actor=actor)
    changes = [
        refresh_dossiers(upload, engagement, actor=actor)
        for upload in Upload.objects.filter(engagement=engagement).current()
    ]
    mark_stale(engagement, actor=actor)
    return DossierChanges(sum(one.opened for one in changes), sum(one.gone for one in changes))


def refresh_dossiers(upload: Upload, engagement: Engagement, *, actor: User) -> DossierChanges:
    """Called under the lock of the engagement. What people stated stays; so does what is gone, and it says so."""
    found = {_key(notes): notes for notes in found_in(estate_of_uploads([upload]))}
    known = Dossier.objects.filter(engagement=engagement, host_label=upload.host_label).exclude(found_as="")
    dossiers = {_key_of(one): one for one in known.select_for_update(of=("self",))}
    lost = [one for key, one in dossiers.items() if key not in found and not one.is_gone]
    for key, dossier in dossiers.items():
        if key in found:
            _refresh(dossier, found[key], upload)
    for dossier in lost:
        dossier.gone_since = upload
    Dossier.objects.bulk_update(dossiers.values(), REFRESHED, batch_size=BATCH)
    new = [notes for key, notes in found.items() if key not in dossiers]
    _open(new, upload, engagement, actor)
    if new or lost:
        record("dossiers.read", subject=upload, actor=actor, opened=len(new), gone=[one.reference for one in lost])
    return DossierChanges(len(new), len(lost))


def _key(notes: Notes) -> Key:
    return (notes.host, notes.found_as, _digest(notes.name))


def _key_of(dossier: Dossier) -> Key:
    return (dossier.host_label, dossier.found_as, dossier.found_digest)


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogateescape")).hexdigest()


def _refresh(dossier: Dossier, notes: Notes, upload: Upload) -> None:
    dossier.read, dossier.evidence = _read(notes), _evidence(notes)
    dossier.last_seen, dossier.gone_since = upload, None


def _read(notes: Notes) -> dict[str, Any]:
    return {key: [list(astuple(reading)) for reading in readings] for key, readings in notes.read.items() if readings}


def _evidence(notes: Notes) -> list[Any]:
    return [list(astuple(shown)) for shown in notes.evidence]


def _open(found: Iterable[Notes], upload: Upload, engagement: Engagement, actor: User) -> None:
    now, longest = timezone.now(), Dossier.longest("name")
    Dossier.objects.bulk_create(
        [
            Dossier(
                engagement=engagement,
                number=number,
                kind=notes.kind,
                name=notes.title[:longest],
                host_label=notes.host,
                found_as=notes.found_as,
                found_name=notes.name,
                found_digest=_digest(notes.name),
                read=_read(notes),
                evidence=_evidence(notes),
                last_seen=upload,
                added_by=actor,
                added_at=now,
                changed_by=actor,
                changed_at=now,
            )
            for number, notes in enumerate(found, start=next_number(engagement.dossiers.all()))
        ],
        batch_size=BATCH,
    )
