from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from accounts.models.organization import Organization

if TYPE_CHECKING:
    from accounts.models.user import User

M = TypeVar("M", bound=models.Model)


class OrganizationPartQuerySet(models.QuerySet[M]):
    """Rows that belong to an organization are seen by whoever sees the organization."""

    path_to_organization = "organization"

    def visible_to(self, user: User) -> Self:
        return self.filter(**{f"{self.path_to_organization}__in": Organization.objects.visible_to(user)})
