from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.masking import without_secrets
from engagements import gates
from engagements.domain.lock_engagement import lock_living
from engagements.domain.mark_stale import mark_stale
from engagements.models import CheckOverride, Gate


@transaction.atomic
def override_check(gate: Gate, *, key: str, reason: str, actor: User) -> CheckOverride:
    """A lead lets a system check pass that does not hold. The reason is printed on what the customer signs."""
    engagement = lock_living(gate.engagement_id)
    require(actor, Permission.OVERRIDE_CHECK, engagement.organization)
    result = next((found for found in gates.results(gate) if found.check.key == key), None)
    if result is None or not result.check.can_override:
        raise DomainError("This check cannot be overridden: what it says has to be put right.")
    if result.overridden_by:
        raise Conflict(f"{result.overridden_by} has overridden this check already.")
    if result.holds:
        raise DomainError("This check holds; there is nothing to override.")
    reason = without_secrets(reason)
    if not reason:
        raise DomainError("Say why: the reason is printed on the document that is signed.")
    override = CheckOverride.objects.create(
        gate=gate,
        check_key=key,
        reason=reason,
        said=list(result.reasons),
        overridden_by=actor,
        overridden_at=timezone.now(),
    )
    record("gate.check_overridden", subject=gate, actor=actor, check=result.check.title, reason=reason, key=key)
    mark_stale(engagement, actor=actor)
    return override
