from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet


class StreamQuerySet(EngagementPartQuerySet["Stream"]):
    def kept(self) -> StreamQuerySet:
        """Those that nobody took off the list."""
        return self.exclude(state=Stream.State.REMOVED)

    def undecided(self) -> StreamQuerySet:
        return self.kept().filter(route=Stream.Route.UNDECIDED)


class Stream(models.Model):
    """Mail that is kept apart, as people see it: proposed by an upload or added by hand, then marked migrate or stay.

    It keeps its number, its name and its mark from upload to upload. `key` is that of the proposals that show it,
    "" for a stream no upload proposed; it stays listed when the proposals go.
    """

    class Route(models.TextChoices):
        UNDECIDED = "undecided", "Not decided"
        MIGRATE = "migrate", "Migrate"
        STAY = "stay", "Stay on Postfix"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        CONFIRMED = "confirmed", "Confirmed"
        REMOVED = "removed", "Removed"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="streams")
    number = models.PositiveIntegerField()
    key = models.TextField(blank=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, blank=True)  # of its proposal: pool, transport, relay, listener, default
    purpose = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    route = models.CharField(max_length=9, choices=Route, default=Route.UNDECIDED)
    route_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    objects = StreamQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="stream_number_once"),
            models.UniqueConstraint("engagement", Lower("name"), name="stream_named_once"),
            models.UniqueConstraint(fields=["engagement", "key"], condition=Q(key__gt=""), name="stream_key_once"),
            models.CheckConstraint(condition=~Q(name=""), name="stream_has_a_name"),
            models.CheckConstraint(
                condition=~Q(route="stay") | Q(route_reason__gt=""), name="stream_stays_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="removed") | Q(route="undecided"), name="stream_removed_has_no_route"
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(route="undecided"), name="stream_routed_is_confirmed"
            ),
            models.CheckConstraint(condition=Q(key__gt="") | ~Q(state="proposed"), name="stream_proposed_has_its_key"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    @property
    def reference(self) -> str:
        return f"S-{self.number:02}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
