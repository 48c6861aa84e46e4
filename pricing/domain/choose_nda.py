from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import is_staff
from core.audit import record
from core.documents import render_sealed
from core.errors import Conflict
from core.numbering import next_number
from engagements.domain.file_paper import Paper, file_paper
from engagements.models import FrozenDocument
from pricing.domain.announce_nda import announce_choice
from pricing.domain.lock_nda import lock_for_nda, replace_pending
from pricing.domain.request_paper import request_paper
from pricing.models import Nda
from pricing.nda_content import nda_snapshot, reference_of, text_in_force
from pricing.papers import PUT_UP_NDA

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from core.models import Job
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class PreparedNda:
    """The practice's text as drawn, and when it was asked for; nothing of it is stored yet."""

    paper: Paper
    asked_at: datetime


@transaction.atomic
def request_our_nda(engagement: Engagement, *, actor: User) -> Job | None:
    """Have the practice's text drawn by a worker, which then puts it up for signature.

    None when the same text is up already: it stays. From the customer this is the request that starts the clock.
    Asking again while it is drawn returns the same job. Raises Refused, or Conflict when an NDA is signed.
    """
    engagement = lock_for_nda(engagement, actor=actor)
    if _same_text(engagement):
        return None
    return request_paper(
        PUT_UP_NDA,
        subject=engagement,
        actor=actor,
        action="nda.asked",
        about=engagement.code,
        words={},
        asked_at=timezone.now().isoformat(),
        number=next_number(engagement.ndas.all()),
    )


def prepare_nda(engagement: Engagement, *, number: int, asked_at: datetime) -> PreparedNda:
    """Draw the text that was in force when it was asked for. Slow, writes nothing."""
    content = nda_snapshot(engagement, number=number, at=asked_at)
    rendered = render_sealed(FrozenDocument.Kind.NDA, content)
    paper = Paper(FrozenDocument.Kind.NDA, reference_of(engagement), number, content["title"], content, rendered)
    return PreparedNda(paper, asked_at)


def _same_text(engagement: Engagement) -> Nda | None:
    version = text_in_force(timezone.now())["version"]
    up = Nda.objects.filter(engagement=engagement, kind=Nda.Kind.OURS, state=Nda.State.OPEN)
    found: Nda | None = up.filter(document__snapshot__text_version=version).first()
    return found


@transaction.atomic
def put_up_nda(engagement: Engagement, prepared: PreparedNda, *, actor: User) -> Nda:
    """Keep the drawn text and put it up for signature. Raises Conflict when somebody put up another one meanwhile."""
    paper, at = prepared.paper, prepared.asked_at
    engagement = lock_for_nda(engagement, actor=actor)
    if up := _same_text(engagement):
        return up
    if next_number(engagement.ndas.all()) != paper.version:
        raise Conflict("Somebody else put up an NDA meanwhile. Read that one; nothing was changed.")
    replace_pending(engagement, actor=actor)
    document = file_paper(engagement, paper, actor=actor, at=timezone.now())
    nda: Nda = Nda.objects.create(
        engagement=engagement,
        number=paper.version,
        kind=Nda.Kind.OURS,
        state=Nda.State.OPEN,
        digest=document.digest,
        byte_count=document.byte_count,
        filename=document.filename,
        document=document,
        asked_by=actor,
        asked_at=at,
        clock_started_at=None if is_staff(actor) else at,
    )
    action = "nda.put_up" if is_staff(actor) else "nda.chosen"
    record(action, subject=nda, actor=actor, number=nda.number, digest=nda.digest, due=nda.clock_due_at)
    announce_choice(nda, actor=actor)
    return nda
