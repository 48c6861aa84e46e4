from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models.user import User


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, user: User) -> OrganizationQuerySet:
        """The practice sees every organization, its consultants those they work for, customers their own."""
        from accounts.permissions import consultancy_role

        role = consultancy_role(user)
        if role == "consultant":
            return self.filter(Q(kind=Organization.Kind.CONSULTANCY) | Q(pk__in=_worked_for_by(user)))
        if role:
            return self.all()
        return self.filter(memberships__user_id=user.pk) if user.is_authenticated else self.none()

    def customers(self) -> OrganizationQuerySet:
        return self.filter(kind=Organization.Kind.CUSTOMER)

    def consultancy(self) -> Organization:
        """The one consultancy. Raises Organization.DoesNotExist before it was set up."""
        return self.get(kind=Organization.Kind.CONSULTANCY)


def _worked_for_by(user: User) -> models.QuerySet[Organization]:
    """The customers of engagements this person leads or is assigned to, by the relations that engagements give here."""
    return Organization.objects.filter(Q(engagements__lead=user) | Q(engagements__consultants=user))


class Organization(models.Model):
    """The consultancy (there is one) or a customer."""

    class Kind(models.TextChoices):
        CONSULTANCY = "consultancy", "Consultancy"
        CUSTOMER = "customer", "Customer"

    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=120, unique=True)
    time_zone = models.CharField(max_length=60, default="Etc/GMT+5")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="consultancy"), name="organization_one_consultancy"
            )
        ]

    def __str__(self) -> str:
        return self.name
