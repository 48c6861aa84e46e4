from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.fresh_proof import refuse_unproved
from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict
from core.masking import without_secrets
from engagements.domain.announce import announce_release
from engagements.domain.keep_evidence import keep_origin
from engagements.domain.lock_engagement import lock_engagement, refuse_at_rest
from engagements.models import HeldPart, PartRelease

_BINDS = "an approval binds your organization. Nothing was approved."


@transaction.atomic
def release_part(held: HeldPart, *, actor: User, authenticated_at: datetime | None, note: str = "") -> PartRelease:
    """Approve a part that was held, by whoever may sign its phase. Raises Conflict when it is not held any more."""
    gate = held.signoff.gate
    engagement = lock_engagement(gate.engagement_id)
    require(actor, Permission.SIGN, engagement.organization, phase=gate.number)
    refuse_at_rest(engagement)
    if not HeldPart.objects.filter(pk=held.pk).in_force().exists():
        raise Conflict(f"{held.label} is not held any more. Nothing was changed.")
    release = PartRelease(held=held, released_by=actor, released_at=timezone.now(), note=without_secrets(note))
    release.authenticated_at = refuse_unproved(authenticated_at, _BINDS)
    keep_origin(release)
    release.save(force_insert=True)
    record(
        "gate.part_released",
        subject=gate,
        actor=actor,
        gate=gate.number,
        part=held.label,
        key=held.key,
        note=release.note,
        signature=held.signoff.reference,
    )
    announce_release(release)
    return release
