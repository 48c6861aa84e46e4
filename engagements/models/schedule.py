from django.db import models
from django.db.models import F, Q

from engagements.models.engagement import Engagement
from engagements.models.visible import EngagementPartQuerySet
from engagements.steps import PHASE_LABELS


class SchedulePhase(models.Model):
    """Planned and actual dates of one phase. The end is the last day of the phase, included.

    `minimum_weeks` comes from the tier; a plan shorter than that is refused by the database.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="schedule")
    number = models.PositiveSmallIntegerField()
    planned_start = models.DateField()
    planned_end = models.DateField()
    minimum_weeks = models.PositiveSmallIntegerField(default=0)
    actual_start = models.DateField(null=True, blank=True)
    actual_end = models.DateField(null=True, blank=True)

    objects = EngagementPartQuerySet["SchedulePhase"].as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="schedule_phase_once"),
            models.CheckConstraint(
                condition=Q(planned_end__gte=F("planned_start") + F("minimum_weeks") * 7 - 1),
                name="schedule_phase_never_below_its_minimum",
            ),
            models.CheckConstraint(
                condition=Q(actual_end__isnull=True) | Q(actual_start__isnull=False, actual_end__gte=F("actual_start")),
                name="schedule_phase_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"Phase {self.number} of {self.engagement.code}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def label(self) -> str:
        return PHASE_LABELS[self.number]

    @property
    def planned_days(self) -> int:
        return (self.planned_end - self.planned_start).days + 1
