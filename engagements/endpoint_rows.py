"""Finding an organization's endpoints, for the pages and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from accounts.models import Organization
from accounts.permissions import Permission, require
from engagements.models import Endpoint, EndpointDelivery

if TYPE_CHECKING:
    import uuid

    from accounts.models import User


def find_owner(reader: User, pk: int) -> Organization:
    """Raises Http404 for strangers, and Refused for whoever may not set webhooks there."""
    organization = get_object_or_404(Organization.objects.visible_to(reader).distinct(), pk=pk)
    require(reader, Permission.MANAGE_WEBHOOKS, organization)
    return organization


def find_endpoint(reader: User, pk: int, endpoint: int) -> Endpoint:
    organization = find_owner(reader, pk)
    own = Endpoint.objects.visible_to(reader).filter(organization=organization)
    found: Endpoint = get_object_or_404(own.select_related("organization", "set_by"), pk=endpoint)
    return found


def find_delivery(reader: User, endpoint: Endpoint, event: uuid.UUID) -> EndpointDelivery:
    own = EndpointDelivery.objects.visible_to(reader).filter(endpoint=endpoint)
    found: EndpointDelivery = get_object_or_404(own.select_related("endpoint__organization"), event_id=event)
    return found
