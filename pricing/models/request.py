from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.permissions import is_staff
from core.constraints import together
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet
from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.holds import with_holds

if TYPE_CHECKING:
    from accounts.models import User


AT_INTAKE = Q(engagement__phase=Engagement.Phase.INTAKE) | Q(
    engagement__phase=Engagement.Phase.ON_HOLD, engagement__phase_before_hold=Engagement.Phase.INTAKE
)


class RequestQuerySet(EngagementPartQuerySet["Request"]):
    def visible_to(self, user: User) -> Self:
        """Requests are the practice's own notes; the customer reads its data points on the quote."""
        return super().visible_to(user) if is_staff(user) else self.none()

    def open(self) -> Self:
        return self.filter(engagement__phase=Engagement.Phase.INTAKE)

    def promised(self) -> Self:
        """Whose promise to answer is still to be kept. The clock of one that is held stands, late or not."""
        return self.filter(AT_INTAKE, complete_at__isnull=False, answered_at=None)

    def with_clock(self) -> Self:
        """With everything that `pricing.clocks` reads, in two more queries whatever the number of rows."""
        return self.select_related("engagement").prefetch_related("pauses", with_holds("engagement__transitions"))


class Request(models.Model):
    """What a customer told sales, and since when the promise to answer runs."""

    class Source(models.TextChoices):
        WEBSITE = "website", "Website"
        REFERRAL = "referral", "Referral"
        CALL = "call", "Call"
        EVENT = "event", "Event"
        OTHER = "other", "Other"

    class TeamWish(models.TextChoices):
        FULL_EXECUTION = Team.FULL_EXECUTION, "Wants full execution"
        COULD_RUN = Team.COULD_RUN, "Could run it themselves, wants the plan"

    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="request")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_requests")
    source = models.CharField(max_length=10, choices=Source)
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField("contact's e-mail", max_length=254)

    month = models.PositiveBigIntegerField("messages a month", null=True, blank=True)
    peak = models.PositiveBigIntegerField("messages on the busiest day", null=True, blank=True)
    ips = models.PositiveIntegerField("IPs", null=True, blank=True)
    pools = models.PositiveIntegerField(null=True, blank=True)
    streams = models.PositiveIntegerField(null=True, blank=True)
    tenants = models.PositiveIntegerField(null=True, blank=True)
    domains = models.PositiveIntegerField(null=True, blank=True)
    milters = models.PositiveIntegerField(null=True, blank=True)
    bounce_processors = models.PositiveIntegerField(null=True, blank=True)
    fbl_scripts = models.PositiveIntegerField("FBL scripts", null=True, blank=True)
    other_components = models.PositiveIntegerField(null=True, blank=True)
    team = models.CharField(max_length=16, choices=TeamWish, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    complete_at = models.DateTimeField(null=True, blank=True)  # when the fourth data point was recorded
    answered_at = models.DateTimeField(null=True, blank=True)  # when the quote, or the advice to stay, was first sent
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            together("changed_by", "changed_at", name="request_changed_whole"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(complete_at__isnull=False),
                name="request_answered_after_it_was_complete",
            ),
            models.CheckConstraint(
                condition=(Q(ips__isnull=True) | Q(ips__gte=1))
                & (Q(pools__isnull=True) | Q(pools__gte=1))
                & (Q(streams__isnull=True) | Q(streams__gte=1))
                & (Q(domains__isnull=True) | Q(domains__gte=1)),
                name="request_sends_from_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"Request of {self.contact_name}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"

    @property
    def points(self) -> DataPoints:
        return DataPoints(
            month=self.month,
            peak=self.peak,
            ips=self.ips,
            pools=self.pools,
            streams=self.streams,
            tenants=self.tenants,
            domains=self.domains,
            components=CustomComponents(
                milters=self.milters,
                bounce=self.bounce_processors,
                fbl=self.fbl_scripts,
                other=self.other_components,
            ),
            team=Team(self.team) if self.team else None,
        )

    @property
    def known_points(self) -> int:
        """How many of the four data points are recorded."""
        return sum(self.points.known)

    @property
    def is_clock_running(self) -> bool:
        return self.complete_at is not None and self.answered_at is None
