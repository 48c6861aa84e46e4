from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission, is_staff, require
from core.audit import record
from core.errors import DomainError
from engagements.domain.lock_engagement import lock_living
from engagements.models import Engagement


@transaction.atomic
def assign_team(engagement: Engagement, *, lead: User, consultants: Sequence[User], actor: User) -> Engagement:
    """Name the lead and the consultants; consultants see an engagement only once they are on it."""
    require(actor, Permission.STAFF, engagement.organization)
    if strangers := [person for person in (lead, *consultants) if not is_staff(person)]:
        raise DomainError(f"{strangers[0]} does not belong to the consultancy.")
    if lead.is_service:
        raise DomainError(f"{lead} is a service user. A person leads an engagement: choose one.")
    engagement = lock_living(engagement.pk)
    engagement.lead = lead
    engagement.save(update_fields=["lead"])
    engagement.consultants.set(consultants)
    team = ", ".join(str(person) for person in dict.fromkeys([lead, *consultants]))
    record("engagement.staffed", subject=engagement, actor=actor, team=team)
    return engagement
