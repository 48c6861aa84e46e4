"""The syntax check of a set: asked for, done by a job, and stored with what was checked and by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.counting import counted
from core.jobs import enqueue
from discovery.domain.receive_upload import lock_for_upload
from discovery.models import SyntaxCheck
from discovery.storable import storable
from discovery.syntax import TOOL, VERSION, check_files, digest_of_digests

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Job
    from discovery.models import TranslationSet
    from discovery.syntax import SyntaxReport

MOST_LINES = 200


@transaction.atomic
def check_translation(translation: TranslationSet, *, actor: User) -> Job:
    """Have the files of a set checked once more."""
    lock_for_upload(translation.engagement, actor=actor)
    return queue_check(translation, actor=actor)


def queue_check(translation: TranslationSet, *, actor: User) -> Job:
    """Called in the transaction that makes it necessary."""
    return enqueue("check_translation", subject=translation, actor=actor, key=f"check-{translation.pk}")


def bytes_of(translation: TranslationSet) -> dict[str, bytes]:
    """Every file of the set by its path."""
    return {path: bytes(content) for path, content in translation.files.values_list("path", "content")}


def digest_of_files(translation: TranslationSet) -> str:
    """What the checker says of the same files, from the stored digest of each: no content is read."""
    return digest_of_digests(dict(translation.files.values_list("path", "sha256")))


def read_set(translation: TranslationSet) -> SyntaxReport:
    """The slow half: writes nothing."""
    return check_files(translation.target, bytes_of(translation))


@transaction.atomic
def store_check(translation: TranslationSet, report: SyntaxReport, *, actor: User) -> SyntaxCheck:
    lines = [storable(str(remark)) for remark in report.remarks]
    check = SyntaxCheck.objects.create(
        translation=translation,
        tool=TOOL,
        version=VERSION,
        set_digest=report.digest,
        exit_status=report.exit_status,
        file_count=len(report.paths),
        line_count=len(lines),
        lines=lines[:MOST_LINES],
        checked_at=timezone.now(),
        asked_by=actor,
    )
    record(
        "translation.checked",
        subject=check,
        actor=actor,
        translation=str(translation),
        tool=TOOL,
        version=VERSION,
        said=_said(report),
        set_digest=report.digest,
    )
    return check


def _said(report: SyntaxReport) -> str:
    if report.remarks:
        return f"{counted(len(report.remarks), 'line stands', 'lines stand')} against them"
    return f"nothing stands against {counted(len(report.paths), 'file')}"
