from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from core.masking import without_secrets
from engagements.domain.lock_engagement import lock_living
from engagements.domain.mark_stale import mark_stale
from engagements.models import Engagement


@transaction.atomic
def choose_target(engagement: Engagement, *, target: str, reason: str, actor: User) -> Engagement:
    """Set the MTA the engagement moves to. The reason is kept; a plan that named another target becomes stale."""
    engagement = lock_living(engagement.pk)
    require(actor, Permission.FREEZE, engagement.organization)
    if target not in Engagement.Target.values:
        raise DomainError("Choose PowerMTA or KumoMTA.")
    if not reason.strip():
        raise DomainError("Say why: the reason is kept with the decision.")
    before = engagement.get_target_display() or "nothing"
    engagement.target = target
    engagement.save(update_fields=["target"])
    record(
        "engagement.target_chosen",
        subject=engagement,
        actor=actor,
        before=before,
        after=engagement.get_target_display(),
        reason=without_secrets(reason),
    )
    mark_stale(engagement, actor=actor)
    return engagement
