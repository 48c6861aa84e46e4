from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from accounts.permissions import Permission, require
from core.audit import record
from core.domain.take_number import take_number
from engagements.gates import GATES
from engagements.models import Engagement, Gate, GateTask
from engagements.tasks_book import tasks_of_gate


@transaction.atomic
def open_engagement(organization: Organization, *, actor: User, title: str) -> Engagement:
    """Begin an engagement at intake, with its five locked gates and the tasks each asks of people."""
    require(actor, Permission.EDIT_REQUEST, organization)
    return begin_engagement(organization, actor=actor, title=title)


def begin_engagement(organization: Organization, *, actor: User | None, title: str) -> Engagement:
    """Part of opening; asks for no permission itself. `actor` is None where a visitor of the website asked."""
    year = timezone.now().year
    engagement: Engagement = Engagement.objects.create(
        code=f"E-{year}-{take_number(f'engagement-{year}'):04d}", organization=organization, title=title
    )
    for number in GATES:
        gate = Gate.objects.create(engagement=engagement, number=number)
        GateTask.objects.bulk_create(
            GateTask(gate=gate, position=position, **task)
            for position, task in enumerate(tasks_of_gate(number), start=1)
        )
    record("engagement.opened", subject=engagement, actor=actor, organization=organization.name)
    return engagement
