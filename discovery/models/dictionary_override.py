"""What consultants say against an entry of the dictionary: proposed by one, reviewed by another, kept in versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.permissions import is_staff
from core.constraints import together
from engagements.models import Engagement

if TYPE_CHECKING:
    from accounts.models import User

ABOUT = ("engagement", "kind", "name", "value")
SAID = (*ABOUT, "number", "version", "treatments", "source", "reason", "proposed_by", "proposed_at")
MOVES = [
    ("proposed", "accepted"),
    ("proposed", "rejected"),
    ("proposed", "withdrawn"),
    ("accepted", "withdrawn"),
    ("accepted", "replaced"),
]


class DictionaryOverrideQuerySet(models.QuerySet["DictionaryOverride"]):
    def visible_to(self, user: User) -> DictionaryOverrideQuerySet:
        """Those for every engagement and those of the engagements one sees; customers only what was agreed on."""
        seen = self.filter(Q(engagement=None) | Q(engagement__in=Engagement.objects.visible_to(user)))
        agreed = seen.filter(reviewed_by__isnull=False).exclude(state=DictionaryOverride.State.REJECTED)
        return seen if is_staff(user) else agreed

    def in_force(self) -> DictionaryOverrideQuerySet:
        return self.filter(state=DictionaryOverride.State.ACCEPTED)

    def about(self, override: DictionaryOverride) -> DictionaryOverrideQuerySet:
        """Every version of the same."""
        return self.filter(**{name: getattr(override, name) for name in ABOUT})


class DictionaryOverride(models.Model):
    """One version. What it says is written once; without an engagement it is for every one.

    `kind` and `name` are those of the dictionary, `value` is "" for any. `treatments` holds for each target what
    `discovery.translation.overrides.said_treatments` reads.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "In force"
        REJECTED = "rejected", "Rejected"
        REPLACED = "replaced", "Replaced"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.PositiveIntegerField(unique=True)
    version = models.PositiveIntegerField()
    engagement = models.ForeignKey(
        Engagement, null=True, blank=True, on_delete=models.PROTECT, related_name="dictionary_overrides"
    )
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    value = models.CharField(max_length=500, blank=True)
    treatments = models.JSONField()
    source = models.TextField()
    reason = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.TextField(blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)

    objects = DictionaryOverrideQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        triggers = [
            pgtrigger.ReadOnly(name="override_is_said_once", fields=list(SAID)),
            pgtrigger.Protect(name="override_is_kept", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="override_legal_moves", field="state", transitions=MOVES),
        ]
        constraints = [
            models.UniqueConstraint(fields=[*ABOUT, "version"], nulls_distinct=False, name="override_version_once"),
            models.UniqueConstraint(
                fields=ABOUT, condition=Q(state="accepted"), nulls_distinct=False, name="override_in_force_once"
            ),
            models.UniqueConstraint(
                fields=ABOUT, condition=Q(state="proposed"), nulls_distinct=False, name="override_proposed_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind="") & ~Q(name="") & ~Q(reason="") & ~Q(source=""), name="override_says_what_and_why"
            ),
            together("reviewed_by", "reviewed_at", name="override_review_whole"),
            together("ended_by", "ended_at", name="override_end_whole"),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("proposed_by")), name="override_reviewed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn")
                | Q(state="proposed", reviewed_by=None)
                | Q(state__in=["accepted", "rejected", "replaced"], reviewed_by__isnull=False),
                name="override_reviewed_in_its_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | Q(review_note__gt=""), name="override_rejected_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["withdrawn", "replaced"], ended_by__isnull=False, ended_reason__gt="")
                | (~Q(state__in=["withdrawn", "replaced"]) & Q(ended_by=None, ended_reason="")),
                name="override_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} of {self.name}"

    @property
    def reference(self) -> str:
        return f"O-{self.number:03}"

    @property
    def audit_chain(self) -> str:
        return f"engagement:{self.engagement_id}" if self.engagement_id else "dictionary"

    @property
    def is_proposed(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def is_in_force(self) -> bool:
        return self.state == self.State.ACCEPTED
