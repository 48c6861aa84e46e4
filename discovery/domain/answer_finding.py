from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import record
from core.errors import DomainError
from discovery.domain.lock_finding import lock_finding, save_review
from discovery.models import Finding, FindingDraft, TranslationClass
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class FindingAnswer:
    """What becomes of the line: its class (N, R, C, X or empty), what is lost without it, what we propose."""

    translation_class: str = ""
    impact: str = ""
    proposal: str = ""


@transaction.atomic
def answer_finding(finding: Finding, *, actor: User, version: int, answer: FindingAnswer) -> Finding:
    """Write down what becomes of the line. Independent of accepting it; raises Conflict like every review."""
    finding = lock_finding(finding, actor=actor, version=version)
    if answer.translation_class and answer.translation_class not in TranslationClass.values:
        raise DomainError("The class is native, rewrite, custom or gap.")
    before = FindingAnswer(finding.translation_class, finding.impact, finding.proposal)
    finding.translation_class = answer.translation_class
    finding.impact, finding.proposal = answer.impact.strip(), answer.proposal.strip()
    save_review(finding, actor=actor, also=["translation_class", "impact", "proposal"])
    FindingDraft.objects.of(finding, actor).delete()
    record(
        "finding.answered",
        subject=finding,
        actor=actor,
        was=[before.translation_class, before.impact, before.proposal],
        now=[finding.translation_class, finding.impact, finding.proposal],
    )
    mark_stale(finding.engagement, actor=actor)
    return finding
