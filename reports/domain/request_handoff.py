"""The handoff pack of an engagement: asked for, made by a worker, and taken away."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict
from core.jobs import enqueue
from core.models import ChainHead
from engagements.domain.lock_engagement import lock_engagement
from reports.domain.request_runbook_paper import Drawing, drawing_of, keep_runbook_paper
from reports.handoff.contents import pack_handoff, runbooks_in_force
from reports.models import HandoffPack, RunbookPaper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from core.jobs.handle import Tell
    from core.models import Job
    from engagements.models import Engagement

MAKE_HANDOFF = "make_handoff"
Papers = dict[int, Drawing]


@transaction.atomic
def request_handoff(engagement: Engagement, *, actor: User) -> Job:
    """While it is made, asking again returns the same job."""
    require(actor, Permission.TAKE_HANDOFF, engagement.organization)
    return enqueue(MAKE_HANDOFF, subject=engagement, actor=actor, key=f"handoff-{engagement.pk}")


def draw_missing(engagement: Engagement, tell: Tell) -> Papers:
    """The runbooks in force of which no drawing says so, by their revisions."""
    in_force = runbooks_in_force(engagement)
    missing = [one for one in in_force if not RunbookPaper.objects.up_to_date(one).exists()]
    drawn: Papers = {}
    for number, revision in enumerate(missing):
        tell(number, len(missing) + 1, f"Laying out “{revision.title}”")
        revision.engagement = engagement
        drawn[revision.pk] = drawing_of(revision)
    return drawn


@transaction.atomic
def make_handoff(engagement: Engagement, papers: Mapping[int, Drawing], *, actor: User) -> HandoffPack:
    """Under the lock of the engagement, so that no act of it falls between two files of the pack."""
    engagement = lock_engagement(engagement.pk)
    require(actor, Permission.TAKE_HANDOFF, engagement.organization)
    for revision in runbooks_in_force(engagement):
        if revision.pk in papers:
            revision.engagement = engagement
            keep_runbook_paper(revision, papers[revision.pk], actor=actor)
    content, count = pack_handoff(engagement)
    pack, _ = HandoffPack.objects.update_or_create(
        engagement=engagement,
        defaults={
            "content": content,
            "byte_count": len(content),
            "file_count": count,
            "digest": hashlib.sha256(content).hexdigest(),
            "head_sequence": ChainHead.objects.get(chain=engagement.audit_chain).sequence,
            "made_at": timezone.now(),
            "made_by": actor,
        },
    )
    record("handoff.packed", subject=engagement.organization, actor=actor, code=engagement.code, digest=pack.digest)
    return pack


@transaction.atomic
def take_handoff(pack: HandoffPack, *, actor: User) -> bytes:
    """The bytes. That they were taken stands in the portal's own ledger.

    Bytes and digest are those of one moment: a worker may put a newer pack in place since the caller looked.
    """
    engagement = pack.engagement
    require(actor, Permission.TAKE_HANDOFF, engagement.organization)
    found = HandoffPack.objects.filter(pk=pack.pk).first()
    if found is None:
        raise Conflict("The pack is not there any more. Nothing was taken; have a new one made.")
    record("handoff.taken", subject=engagement.organization, actor=actor, code=engagement.code, digest=found.digest)
    return bytes(found.content)
