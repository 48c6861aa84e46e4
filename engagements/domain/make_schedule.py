from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from core.audit import record
from core.errors import DomainError
from engagements.domain.lock_engagement import lock_living
from engagements.models import Engagement, SchedulePhase
from engagements.schedule import PlannedPhase, refusals


@transaction.atomic
def make_schedule(engagement: Engagement, *, phases: Sequence[PlannedPhase], actor: User) -> list[SchedulePhase]:
    """Set the planned dates of all phases; actual dates stay. Raises DomainError for a plan below a minimum.

    Part of a larger act (accepting a quote, re-planning), which has asked for the permission.
    """
    if reasons := refusals(phases):
        raise DomainError(*reasons)
    engagement = lock_living(engagement.pk)
    _agree_on(engagement, {phase.number for phase in phases})
    for phase in phases:
        SchedulePhase.objects.update_or_create(
            engagement=engagement,
            number=phase.number,
            defaults={
                "planned_start": phase.start,
                "planned_end": phase.end,
                "minimum_weeks": phase.minimum_weeks,
            },
        )
    record(
        "schedule.made",
        subject=engagement,
        actor=actor,
        first=min(phase.start for phase in phases),
        last=max(phase.end for phase in phases),
        phases=[[phase.number, phase.start, phase.end, phase.minimum_weeks] for phase in phases],
    )
    return list(engagement.schedule.all())


def _agree_on(engagement: Engagement, numbers: set[int]) -> None:
    """What an earlier agreement planned beyond this one is planned no longer."""
    engagement.is_plan_only = numbers == {1}
    engagement.save(update_fields=["is_plan_only"])
    engagement.schedule.exclude(number__in=numbers).delete()
