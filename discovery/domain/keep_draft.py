"""What one person has typed about a finding and not saved. Nobody else sees it, so the ledger does not speak of it.

Nor does it wait for the lock of the engagement: whoever types is not held up while an upload is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from discovery.domain.answer_finding import FindingAnswer
from discovery.domain.lock_finding import require_review
from discovery.models import Finding, FindingDraft

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def keep_draft(finding: Finding, *, actor: User, version: int, answer: FindingAnswer) -> FindingDraft | None:
    """Keep it beside the finding, also when that has changed since `version`; what stands there already is no draft."""
    now = Finding.objects.select_related("engagement__organization").get(pk=finding.pk)
    require_review(now.engagement, actor=actor)
    if answer == FindingAnswer(now.translation_class, now.impact, now.proposal):
        FindingDraft.objects.of(finding, actor).delete()
        return None
    draft, _ = FindingDraft.objects.update_or_create(
        finding=finding,
        author=actor,
        defaults={
            "version": version,
            "translation_class": answer.translation_class,
            "impact": answer.impact,
            "proposal": answer.proposal,
            "saved_at": timezone.now(),
        },
    )
    return draft


@transaction.atomic
def discard_draft(finding: Finding, *, actor: User) -> None:
    """Take what the finding says instead."""
    require_review(finding.engagement, actor=actor)
    FindingDraft.objects.of(finding, actor).delete()
