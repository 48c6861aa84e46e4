from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.numbering import next_number
from discovery.domain.lock_finding import lock_for_review
from discovery.domain.mask_words import mask_words
from discovery.models import Finding
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

RULE = "noted"  # what a person says stands under no rule


@dataclass(frozen=True, slots=True)
class NotedFinding:
    """What somebody found who looked themselves. `file` and `evidence` say where and what it reads, if it reads so."""

    title: str
    message: str
    severity: str
    confidence: str
    why: str = ""
    host_label: str = ""
    file: str = ""
    evidence: str = ""

    def clean(self) -> dict[str, str]:
        """Without the spaces around, and without the secrets in what was typed."""
        plain = {name: value.strip() for name, value in asdict(self).items()}
        plain["host_label"] = plain["host_label"].lower()
        return plain | {name: mask_words(plain[name]) for name in ("title", "message", "why", "evidence")}


@transaction.atomic
def note_finding(engagement: Engagement, *, said: NotedFinding, actor: User) -> Finding:
    """Log what no rule says. It is reviewed and answered like any other, and no later look takes it away."""
    engagement = lock_for_review(engagement.pk, actor=actor)
    now = timezone.now()
    finding = Finding.objects.create(
        engagement=engagement,
        number=next_number(engagement.findings.all()),
        source=Finding.Source.PERSON,
        rule=RULE,
        fingerprint=uuid.uuid4().hex,
        found_at=now,
        changed_by=actor,
        changed_at=now,
        **said.clean(),
    )
    record("finding.noted", subject=finding, actor=actor, title=finding.title, severity=finding.severity)
    mark_stale(engagement, actor=actor)
    return finding
