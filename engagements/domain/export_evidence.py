from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.models import AuditEvent
from engagements.domain.lock_engagement import lock_engagement
from engagements.evidence import EvidencePack, pack_evidence
from engagements.models import Engagement
from engagements.records import readable_documents


@transaction.atomic
def export_evidence(engagement: Engagement, *, actor: User) -> EvidencePack:
    """The ZIP of what this person may see, with ledger and verifier. Taking it is itself in the ledger of the pack."""
    engagement = lock_engagement(engagement.pk)
    require(actor, Permission.VIEW, engagement.organization)
    events = AuditEvent.objects.filter(chain=engagement.audit_chain).count() + 1
    documents = readable_documents(actor, engagement).count()
    record("evidence.exported", subject=engagement, actor=actor, events=events, documents=documents)
    return pack_evidence(engagement, reader=actor, at=timezone.now())
