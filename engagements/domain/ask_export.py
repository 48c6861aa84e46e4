from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from accounts.permissions import Permission, require
from core import sealing
from core.audit import record
from core.errors import Conflict, Refused
from core.jobs import enqueue
from core.spools import PIECE, SealedSpool
from engagements.domain.set_hold import lock_customer
from engagements.export_pack import Packed, pack_export
from engagements.models import DataExport, DataExportPiece
from engagements.records_end import days_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

EXPORT = "export_records"
_PURPOSE = "what a customer or a person takes out"
_NOT_THEIRS = "A pack holds what the person who asked for it may see, so only they take it. Ask for your own."


@transaction.atomic
def ask_customer_export(organization: Organization, *, actor: User) -> DataExport:
    """Have everything packed that is kept about a customer, as far as this person may see it."""
    organization = lock_customer(organization.pk)
    require(actor, Permission.EXPORT_RECORDS, organization)
    return _ask(DataExport(organization=organization, asked_by=actor), organization)


@transaction.atomic
def ask_own_export(person: User) -> DataExport:
    """The same of oneself; nobody asks for somebody else's."""
    person = User.objects.select_for_update().get(pk=person.pk)
    return _ask(DataExport(person=person, asked_by=person), person)


def _ask(export: DataExport, subject: Organization | User) -> DataExport:
    """One that is being packed for the same person is the one they get."""
    mine = {"organization": export.organization, "person": export.person, "asked_by": export.asked_by}
    waiting = DataExport.objects.filter(**mine, done_at=None, job__finished_at=None, job__isnull=False).first()
    if waiting:
        return waiting
    export.save(force_insert=True)
    export.job = enqueue(EXPORT, subject=export, actor=export.asked_by, key=f"export {export.pk}")
    export.save(update_fields=["job"])
    record("records.export_asked", subject=subject, actor=export.asked_by)
    return export


def prepare_export(export: DataExport, tell: Callable[[int, str], object]) -> tuple[SealedSpool, Packed, datetime]:
    """The pack in a sealed file without a name, and when it expires."""
    now, spool = timezone.now(), SealedSpool()
    expires_at = now + timedelta(days=days_of("export_days"))
    return spool, pack_export(export, spool, at=now, expires_at=expires_at, tell=tell), expires_at


def keep_export(export: DataExport, spool: SealedSpool, packed: Packed, expires_at: datetime) -> None:
    """Part of the transaction that ends the job."""
    spool.seek(0)
    position = 0
    while piece := spool.read(PIECE):
        DataExportPiece.objects.create(export=export, position=position, sealed=sealing.seal(piece, purpose=_PURPOSE))
        position += 1
    spool.close()
    export.done_at, export.expires_at = timezone.now(), expires_at
    export.sha256, export.byte_count, export.row_count = packed.sha256, packed.byte_count, packed.row_count
    export.save(update_fields=["done_at", "expires_at", "sha256", "byte_count", "row_count"])
    said = {"rows": packed.row_count, "digest": packed.sha256}
    record("records.exported", subject=_subject(export), actor=export.asked_by, **said)


def _subject(export: DataExport) -> Organization | User:
    subject: Organization | User | None = export.organization or export.person
    if subject is None:
        raise ValueError("an export is of a customer or of a person")
    return subject


@transaction.atomic
def take_export(export: DataExport, *, actor: User) -> Iterator[bytes]:
    """The bytes of a pack, piece by piece. That it was taken away stands in the ledger."""
    export = DataExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if export.asked_by_id != actor.pk:
        raise Refused(_NOT_THEIRS)
    if export.organization:
        require(actor, Permission.EXPORT_RECORDS, export.organization)
    if not export.is_ready:
        raise Conflict("The pack is not there: it is still being made, or it has expired. Ask for a new one.")
    record("records.taken", subject=_subject(export), actor=actor, digest=export.sha256)
    return _pieces(export)


def _pieces(export: DataExport) -> Iterator[bytes]:
    sealed = DataExportPiece.objects.filter(export=export).order_by("position").values_list("sealed", flat=True)
    for piece in sealed.iterator(chunk_size=1):
        yield sealing.unseal(bytes(piece), purpose=_PURPOSE)


def clear_exports() -> int:
    """Remove the bytes of what has expired."""
    return DataExportPiece.objects.filter(export__expires_at__lte=timezone.now()).delete()[0]
