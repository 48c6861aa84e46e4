from __future__ import annotations

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.constraints import together
from core.triggers import never_emptied
from engagements.models.visible import EngagementPartQuerySet
from pricing.calculation.clock import Interval
from pricing.models.request import Request


class PauseQuerySet(EngagementPartQuerySet["Pause"]):
    """Both sides read why a clock stood still, though the request itself is the practice's."""

    path_to_engagement = "request__engagement"

    def open(self) -> Self:
        return self.filter(resumed_at=None)


class Pause(models.Model):
    """A time in which the promise to answer stood still, with the reason the customer reads."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="pauses")
    reason = models.TextField()
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField()
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resumed_at = models.DateTimeField(null=True, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["paused_at", "pk"]
        constraints = [
            together("resumed_by", "resumed_at", name="pause_resumed_whole"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(resumed_at__isnull=True), name="pause_one_open_a_request"
            ),
            models.CheckConstraint(condition=Q(resumed_at__gte=F("paused_at")), name="pause_ends_after_it_began"),
            models.CheckConstraint(condition=Q(reason__gt=""), name="pause_has_its_reason"),
        ]
        triggers = [
            # The row of the request is locked, so that two pauses written at once see each other.
            pgtrigger.Trigger(
                name="pause_overlaps_no_other",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=(
                    "PERFORM 1 FROM pricing_request r WHERE r.id = NEW.request_id"
                    " AND r.complete_at <= NEW.paused_at FOR NO KEY UPDATE;"
                    " IF NOT FOUND THEN RAISE EXCEPTION 'A clock that has not started cannot be paused'; END IF;"
                    " IF EXISTS (SELECT 1 FROM pricing_pause p WHERE p.request_id = NEW.request_id"
                    " AND p.id IS DISTINCT FROM NEW.id AND tstzrange(p.paused_at, p.resumed_at)"
                    " && tstzrange(NEW.paused_at, NEW.resumed_at)) THEN"
                    " RAISE EXCEPTION 'Two pauses of one clock never overlap'; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="pause_stays_as_it_was_told",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=(
                    "IF OLD.resumed_at IS NOT NULL OR (OLD.request_id, OLD.reason, OLD.paused_by_id, OLD.paused_at)"
                    " IS DISTINCT FROM (NEW.request_id, NEW.reason, NEW.paused_by_id, NEW.paused_at)"
                    " THEN RAISE EXCEPTION 'A pause stays as it was told'; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Protect(name="pause_is_kept", operation=pgtrigger.Delete),
            never_emptied("pause_table_is_kept"),
        ]

    def __str__(self) -> str:
        return f"Pause: {self.reason}"

    @property
    def audit_chain(self) -> str:
        return self.request.audit_chain

    @property
    def interval(self) -> Interval:
        return Interval(self.paused_at, self.resumed_at)
