from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from core.jobs import enqueue
from core.models import Job
from engagements.models import Gate

PREVIEW = "draw_preview"


@transaction.atomic
def request_preview(gate: Gate, *, actor: User) -> Job:
    """Have the draft laid out and drawn page by page by a worker. While one is drawn, asking again returns it."""
    require(actor, Permission.FREEZE, gate.engagement.organization)
    return enqueue(PREVIEW, subject=gate, actor=actor, key=f"gate-{gate.pk}")
