from django.db import transaction
from django.utils import timezone

from accounts.domain.accept_invitation import why_closed
from accounts.domain.require_manager import require_manager
from accounts.models import Invitation, User
from core.audit import record
from core.errors import Conflict


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: User) -> Invitation:
    """Close a seat nobody has taken. Raises Conflict when it was taken, withdrawn or ran out meanwhile."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("organization", "invited_by")
    invitation = rows.get(pk=invitation.pk)
    require_manager(actor, invitation.organization, invitation.role)
    if reason := why_closed(invitation):
        raise Conflict(reason)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record("invitation.withdrawn", subject=invitation, actor=actor, email=invitation.email)
    return invitation
