from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, is_staff, require
from core.audit import record
from core.numbering import next_number
from discovery.domain.receive_upload import plain_name
from pricing.domain.announce_nda import announce_choice
from pricing.domain.lock_nda import lock_for_nda, replace_pending
from pricing.models import Nda
from pricing.nda_files import digest_of_pdf, keep_pdf, take_pdf

if TYPE_CHECKING:
    from typing import IO

    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def upload_nda(engagement: Engagement, *, filename: str, content_file: IO[bytes], actor: User) -> Nda:
    """Hand over an NDA of the customer's own; the practice reviews it before anybody signs. It starts the clock.

    The same file that waits already stays where it is. Raises Refused, Conflict when an NDA is signed, or DomainError
    for a file that is empty, too large or no PDF.
    """
    require(actor, Permission.SIGN_NDA, engagement.organization)
    content = take_pdf(content_file)
    engagement, digest = lock_for_nda(engagement, actor=actor), digest_of_pdf(content)
    same: Nda | None = Nda.objects.filter(engagement=engagement, digest=digest).pending().first()
    if same:
        return same
    replace_pending(engagement, actor=actor)
    at = timezone.now()
    nda: Nda = Nda.objects.create(
        engagement=engagement,
        number=next_number(engagement.ndas.all()),
        kind=Nda.Kind.THEIRS,
        state=Nda.State.IN_REVIEW,
        digest=digest,
        byte_count=len(content),
        filename=plain_name(filename),
        asked_by=actor,
        asked_at=at,
        clock_started_at=None if is_staff(actor) else at,
    )
    keep_pdf(nda, content)
    said = {"number": nda.number, "filename": nda.filename, "digest": digest, "due": nda.clock_due_at}
    record("nda.uploaded", subject=nda, actor=actor, **said)
    announce_choice(nda, actor=actor)
    return nda
