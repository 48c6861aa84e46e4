"""What one person has typed about a finding and not saved. Nobody else sees it, so the ledger does not speak of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from discovery.domain.answer_finding import FindingAnswer
from discovery.domain.lock_finding import lock_for_review
from discovery.models import Finding, FindingDraft

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def keep_draft(finding: Finding, *, actor: User, version: int, answer: FindingAnswer) -> FindingDraft | None:
    """Keep it beside the finding, also when that has changed since `version`; what stands there already is no draft."""
    lock_for_review(finding.engagement_id, actor=actor)
    now = Finding.objects.get(pk=finding.pk)
    if version == now.version and answer == FindingAnswer(now.translation_class, now.impact, now.proposal):
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
    lock_for_review(finding.engagement_id, actor=actor)
    FindingDraft.objects.of(finding, actor).delete()
