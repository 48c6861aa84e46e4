from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from discovery.models.translation import TranslatedConstruct, TranslationSet
from engagements.models import Engagement
from engagements.models.visible import EngagementPartQuerySet

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Self


class GapQuerySet(EngagementPartQuerySet["Gap"]):
    def current(self) -> Self:
        """What the newest set of its target still shows as custom work or a gap."""
        return self.filter(gone_since=None)

    def on(self, targets: Collection[str]) -> Self:
        return self.current().filter(target__in=targets)

    def undecided(self) -> Self:
        return self.filter(choice="")


class Gap(models.Model):
    """A construct that no option of a target does: what the customer chose for it, and what was recommended.

    It keeps its number and its decision from set to set as long as its line and its class stay. `row` is what the
    newest set that shows it says of it.
    """

    class Choice(models.TextChoices):
        LUA = "lua", "Custom Lua"
        APPLICATION = "application", "Pre-processing in the application"
        ACCEPT = "accept", "Accept the behaviour change"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="gaps")
    number = models.PositiveIntegerField()
    target = models.CharField(max_length=10, choices=Engagement.Target)
    host_label = models.CharField(max_length=80)
    key = models.CharField(max_length=16)  # of the construct
    row = models.OneToOneField(TranslatedConstruct, on_delete=models.PROTECT, related_name="gap")
    gone_since = models.ForeignKey(
        TranslationSet, null=True, blank=True, on_delete=models.PROTECT, related_name="closed_gaps"
    )

    recommended = models.CharField(max_length=11, choices=Choice, blank=True)
    recommendation = models.TextField(blank=True)  # why
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recommended_at = models.DateTimeField(null=True, blank=True)

    choice = models.CharField(max_length=11, choices=Choice, blank=True)
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reopened_because = models.TextField(blank=True)  # what changed, where a decision did not survive it

    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="gap_number_once"),
            models.UniqueConstraint(
                fields=["engagement", "target", "host_label", "key"], name="gap_construct_once_a_target"
            ),
            models.CheckConstraint(
                condition=Q(choice="", note="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    Q(choice__in=["lua", "application", "accept"]),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="gap_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(recommended="", recommendation="", recommended_by__isnull=True, recommended_at__isnull=True)
                | Q(
                    Q(recommended__in=["lua", "application", "accept"]),
                    recommendation__gt="",
                    recommended_by__isnull=False,
                    recommended_at__isnull=False,
                ),
                name="gap_recommended_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(target="powermta") | (~Q(choice="lua") & ~Q(recommended="lua")),
                name="gap_lua_only_where_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(reopened_because="") | Q(choice=""), name="gap_reopened_has_no_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.row.kind} {self.row}"

    @property
    def reference(self) -> str:
        return f"G-{self.number:03}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}"
