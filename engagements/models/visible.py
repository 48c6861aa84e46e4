from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from accounts.reach import sees_every_engagement
from engagements.models.engagement import Engagement

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)


class EngagementPartQuerySet(models.QuerySet[M]):
    """Rows that belong to an engagement are seen by whoever sees the engagement."""

    path_to_engagement = "engagement"

    def visible_to(self, user: User) -> Self:
        if sees_every_engagement(user):
            return self.filter(**{f"{self.path_to_engagement}__isnull": False})  # each of them is one they see
        return self.filter(**{f"{self.path_to_engagement}__in": Engagement.objects.visible_to(user)})


class GatePartQuerySet(EngagementPartQuerySet[M]):
    path_to_engagement = "gate__engagement"
