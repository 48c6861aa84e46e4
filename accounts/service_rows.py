"""Finding service users for the pages and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from accounts.models import Membership, Organization
from accounts.permissions import Permission, require

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.models.membership import MembershipQuerySet


def find_services(reader: User, pk: int) -> tuple[Organization, MembershipQuerySet]:
    """An organization and its service users, for whoever reads there. Raises Http404 for strangers."""
    organization = get_object_or_404(Organization.objects.visible_to(reader), pk=pk)
    require(reader, Permission.VIEW, organization)
    return organization, Membership.objects.visible_to(reader).services(organization)


def find_service(reader: User, pk: int, service: int) -> Membership:
    """One of them, for whoever keeps them. Raises Http404 for strangers, and Refused for whoever only reads there."""
    organization, services = find_services(reader, pk)
    require(reader, Permission.MANAGE_SERVICES, organization)
    found: Membership = get_object_or_404(services, pk=service)
    return found
