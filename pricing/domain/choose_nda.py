from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, is_staff, require
from core.audit import record
from core.documents import render_sealed
from core.errors import Conflict
from engagements.models import FrozenDocument
from pricing.domain.announce_nda import announce_choice
from pricing.domain.file_paper import Paper, file_paper
from pricing.domain.lock_nda import lock_for_nda, next_number, refuse_signed, replace_pending
from pricing.models import Nda
from pricing.nda_content import nda_snapshot, reference_of, text_in_force

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement


def choose_our_nda(engagement: Engagement, *, actor: User) -> Nda:
    """Put the practice's text up for signature. The same text that is up already stays up.

    From the customer this is the request that starts the clock. The PDF is drawn before the transaction begins. Raises
    Refused, or Conflict when an NDA is signed or somebody else put one up meanwhile.
    """
    require(actor, Permission.SIGN_NDA, engagement.organization)
    refuse_signed(engagement)
    if up := _same_text(engagement):
        return up
    at, number = timezone.now(), next_number(engagement)
    content = nda_snapshot(engagement, number=number, at=at)
    rendered = render_sealed(FrozenDocument.Kind.NDA, content)
    paper = Paper(FrozenDocument.Kind.NDA, reference_of(engagement), number, content["title"], content, rendered)
    return _put_up(engagement, paper, actor=actor)


def _same_text(engagement: Engagement) -> Nda | None:
    version = text_in_force(timezone.now())["version"]
    up = Nda.objects.filter(engagement=engagement, kind=Nda.Kind.OURS, state=Nda.State.OPEN)
    found: Nda | None = up.filter(document__snapshot__text_version=version).first()
    return found


@transaction.atomic
def _put_up(engagement: Engagement, paper: Paper, *, actor: User) -> Nda:
    engagement = lock_for_nda(engagement, actor=actor)
    if up := _same_text(engagement):
        return up
    if next_number(engagement) != paper.version:
        raise Conflict("Somebody else put up an NDA meanwhile. Read that one; nothing was changed.")
    replace_pending(engagement, actor=actor)
    at = timezone.now()
    document = file_paper(engagement, paper, actor=actor, at=at)
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
