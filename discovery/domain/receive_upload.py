from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError, GateClosed
from core.jobs import enqueue
from core.numbering import next_number
from discovery.models import UnreadContent, Upload
from discovery.postfix.gathering import KEPT_ANYWAY
from discovery.sealing import seal
from engagements import gates
from engagements.domain.lock_engagement import lock_engagement
from engagements.steps import OVER

if TYPE_CHECKING:
    from datetime import date
    from typing import IO

    from accounts.models import User
    from engagements.models import Engagement

ARCHIVE_STARTS = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"(\xb5/\xfd")
TAR_MARK = slice(257, 262)
LOOKED_AT = 4096


def upload_blockers(engagement: Engagement) -> list[str]:
    """Why nothing can be uploaded now, in sentences. Apps above add theirs for the step "receive_upload"."""
    if engagement.phase in OVER:
        return [f"This engagement is at “{engagement.get_phase_display()}”: nothing is uploaded to it any more."]
    return gates.unmet("receive_upload", engagement)


def lock_for_upload(engagement: Engagement, *, actor: User) -> Engagement:
    """The engagement under its lock, for somebody who may hand something over now. Raises Refused or GateClosed."""
    engagement = lock_engagement(engagement.pk)
    may_upload(engagement, actor=actor)
    return engagement


def may_upload(engagement: Engagement, *, actor: User) -> None:
    """Raises Refused or GateClosed."""
    require(actor, Permission.UPLOAD, engagement.organization)
    refuse_while_locked(engagement)


def refuse_while_locked(engagement: Engagement) -> None:
    """Raises GateClosed with the reasons for which nothing of the customer's is taken in now."""
    if reasons := upload_blockers(engagement):
        raise GateClosed(*reasons)


@transaction.atomic
def receive_upload(
    engagement: Engagement,
    *,
    filename: str,
    content_file: IO[bytes],
    host_label: str,
    actor: User,
    collected_on: date | None = None,
) -> Upload:
    """Take a bundle in and have it read by a job. The bytes are kept, encrypted, until that job has read them.

    Without `collected_on` the day of its newest file is taken when it is read.

    Raises DomainError with a sentence for a file that is empty, too large or of no kind we read.
    """
    engagement = lock_for_upload(engagement, actor=actor)
    upload = Upload(
        engagement=engagement,
        number=next_number(engagement.uploads.all()),
        filename=plain_name(filename),
        host_label=_host(host_label),
        uploaded_by=actor,
        uploaded_at=timezone.now(),
        collected_on=_past_day(collected_on),
    )
    _keep(upload, _take_bundle(content_file, upload.filename))
    upload.job = enqueue("parse_upload", subject=upload, actor=actor, key=f"upload-{upload.pk}")
    upload.save(update_fields=["job"])
    _leave_trace(upload, actor)
    return upload


def _host(label: str) -> str:
    host = printable(label).strip().lower()
    if not host:
        raise DomainError("Name the host this configuration was collected on.")
    return host[:80]


def _past_day(collected_on: date | None) -> date | None:
    if collected_on and collected_on > timezone.localdate():
        raise DomainError("The day it was collected lies in the future. Leave it empty to take the newest file's.")
    return collected_on


def _take_bundle(content_file: IO[bytes], name: str) -> bytes:
    """All of a file of a kind that is read. Raises DomainError."""
    content = take_bytes(content_file)
    if not _is_archive(content) and b"\x00" in content[:LOOKED_AT] and name not in KEPT_ANYWAY:
        raise DomainError("The selected file must be a .tar, .tar.gz or .zip archive, or a text file such as main.cf.")
    return content


def _keep(upload: Upload, content: bytes) -> None:
    """Store the upload with its bytes, encrypted."""
    upload.sha256 = hashlib.sha256(content).hexdigest()
    upload.byte_count = len(content)
    upload.save(force_insert=True)
    UnreadContent.objects.create(upload=upload, sealed=seal(content))


def take_bytes(content_file: IO[bytes]) -> bytes:
    """All of a file that was sent. Raises DomainError for one that is empty or past the limit."""
    limit = settings.UPLOAD_LIMIT_BYTES
    content = content_file.read(limit + 1)
    if not content:
        raise DomainError("The selected file is empty.")
    if len(content) > limit:
        raise DomainError(f"The selected file must be smaller than {limit // 1024 // 1024} MB.")
    return content


def _is_archive(content: bytes) -> bool:
    return content.startswith(ARCHIVE_STARTS) or content[TAR_MARK] == b"ustar"


def plain_name(filename: str) -> str:
    """The last part of the name, printable: browsers send it as they like."""
    return printable(posixpath.basename(filename.replace("\\", "/")))[:200] or "upload"


def printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def _leave_trace(upload: Upload, actor: User) -> None:
    record(
        "upload.received",
        subject=upload,
        actor=actor,
        filename=upload.filename,
        host=upload.host_label,
        byte_count=upload.byte_count,
        sha256=upload.sha256,
    )
