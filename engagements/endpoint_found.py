"""How pages and the API find an organization's endpoints, for whoever may set them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from accounts.models import Organization
from accounts.permissions import Permission, require
from accounts.reader import reader_of
from engagements.models import Endpoint, EndpointDelivery

if TYPE_CHECKING:
    import uuid

    from accounts.reader import AnyRequest


def find_owner(request: AnyRequest, pk: int) -> Organization:
    """Raises Http404 for strangers, and Refused for whoever may not set webhooks there."""
    organization = get_object_or_404(Organization.objects.visible_to(reader_of(request)).distinct(), pk=pk)
    require(reader_of(request), Permission.MANAGE_WEBHOOKS, organization)
    return organization


def find_endpoint(request: AnyRequest, pk: int, endpoint: int) -> Endpoint:
    own = Endpoint.objects.visible_to(reader_of(request)).filter(organization=find_owner(request, pk))
    found: Endpoint = get_object_or_404(own.select_related("organization", "set_by", "changed_by"), pk=endpoint)
    return found


def find_delivery(request: AnyRequest, endpoint: Endpoint, event: uuid.UUID) -> EndpointDelivery:
    own = EndpointDelivery.objects.visible_to(reader_of(request)).filter(endpoint=endpoint)
    found: EndpointDelivery = get_object_or_404(own.select_related("endpoint__organization"), event_id=event)
    return found
