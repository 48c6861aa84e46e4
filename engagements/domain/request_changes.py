from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.audit import record
from core.errors import Conflict
from core.masking import without_secrets
from engagements.domain.announce import announce_change_request
from engagements.domain.complete_task import CHANGE_REQUEST
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.perform import perform
from engagements.models import ChangeRequest, FrozenDocument, GateTask
from engagements.today import today_of


@transaction.atomic
def request_changes(document: FrozenDocument, *, actor: User, reason: str) -> ChangeRequest:
    """Answer a document with words instead of a signature. The words become a task of the consultancy."""
    gate = document.gate
    if gate is None:
        raise Conflict("This document is not part of a gate.")
    engagement = lock_engagement(document.engagement_id)
    gate.refresh_from_db()
    if gate.current_document_id != document.pk:
        raise Conflict("This document has been replaced. Please read the new one before you ask for changes.")
    perform("request_changes", engagement=engagement, actor=actor, gate=gate, note=reason)
    request = ChangeRequest.objects.create(
        gate=gate, document=document, reason=without_secrets(reason), requested_by=actor, requested_at=timezone.now()
    )
    _make_task(request)
    record(
        "document.changes_requested",
        subject=document,
        actor=actor,
        title=document.title,
        version=document.version,
        reason=request.reason,
    )
    announce_change_request(request)
    return request


def _make_task(request: ChangeRequest) -> None:
    GateTask.objects.create(
        gate=request.gate,
        key=f"{CHANGE_REQUEST}{request.pk}",
        title=f"Answer the changes {request.requested_by} requested on version {request.document.version}",
        explanation=request.reason,
        party=GateTask.Party.CONSULTANCY,
        position=100,
        due_on=today_of(request.gate.engagement) + timedelta(days=settings.CHANGE_REQUEST_DAYS),
    )
