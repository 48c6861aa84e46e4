from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from core.numbering import next_number
from core.wording import day_text
from discovery.domain.receive_upload import plain_name
from engagements.domain.lock_engagement import lock_engagement, refuse_at_rest
from engagements.today import today_of
from pricing.domain.announce_nda import announce_paper
from pricing.domain.lock_nda import refuse_signed, replace_pending
from pricing.models import Nda
from pricing.nda_files import digest_of_pdf, keep_pdf, take_pdf

if TYPE_CHECKING:
    from datetime import date
    from typing import IO

    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def record_paper_nda(
    engagement: Engagement, *, filename: str, content_file: IO[bytes], signed_on: date, reason: str, actor: User
) -> Nda:
    """A lead puts on record an NDA that both sides signed outside the portal. It has no signatures of the portal's.

    Raises Refused, Conflict when an NDA is signed already, or DomainError for a file that is no PDF, a day that is yet
    to come, or without a reason.
    """
    require(actor, Permission.OVERRIDE_CHECK, engagement.organization)
    content = take_pdf(content_file)
    engagement = lock_engagement(engagement.pk)
    refuse_at_rest(engagement)
    refuse_signed(engagement)
    _refuse(engagement, signed_on, reason)
    replace_pending(engagement, actor=actor)
    nda: Nda = Nda.objects.create(
        engagement=engagement,
        number=next_number(engagement.ndas.all()),
        kind=Nda.Kind.PAPER,
        state=Nda.State.SIGNED,
        digest=digest_of_pdf(content),
        byte_count=len(content),
        filename=plain_name(filename),
        asked_by=actor,
        asked_at=timezone.now(),
        signed_on=signed_on,
        note=reason.strip(),
    )
    keep_pdf(nda, content)
    said = {"number": nda.number, "digest": nda.digest, "day": day_text(signed_on), "reason": nda.note}
    record("nda.recorded", subject=nda, actor=actor, **said)
    announce_paper(nda)
    return nda


def _refuse(engagement: Engagement, signed_on: date, reason: str) -> None:
    if not reason.strip():
        raise DomainError("Say why it was not signed in the portal: the reason is kept and shown to both sides.")
    if signed_on > today_of(engagement):
        raise DomainError("The day it was signed lies in the future. Enter the day that stands on the paper.")
