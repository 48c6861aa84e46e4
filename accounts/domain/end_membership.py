from datetime import datetime

from django.db import transaction

from accounts.domain.change_membership import (
    SAYS_WHO_ACTS,
    lock_membership,
    refuse_losing_a_signature,
    refuse_losing_the_last_owner,
)
from accounts.domain.require_manager import require_manager
from accounts.fresh_proof import refuse_unproved
from accounts.models import Membership, User
from core.audit import record


@transaction.atomic
def end_membership(membership: Membership, *, authenticated_at: datetime | None, actor: User) -> None:
    """Take somebody out of an organization. What they did and signed stays; their account stays as well.

    Leaving by oneself needs the proof as well. Raises Conflict for the last owner, and for somebody whose signature a
    document is waiting for.
    """
    membership = lock_membership(membership)
    organization, person = membership.organization, membership.user
    require_manager(actor, organization, membership.role)
    refuse_unproved(authenticated_at, SAYS_WHO_ACTS)
    refuse_losing_the_last_owner(membership)
    refuse_losing_a_signature(membership, keeping=set())
    record(
        "membership.ended",
        subject=membership,
        actor=actor,
        member=person.full_label,
        role=membership.role,
        organization=organization.name,
    )
    membership.delete()
