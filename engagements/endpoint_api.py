"""The webhooks of an organization over the API: set, changed, tested, switched on, removed; their deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from accounts.token_api import proved_at
from core.api import APIView, ListAPIView
from core.asked import at_version, checked, version_seen
from core.webhooks.sealed import url_of
from engagements.domain.replay_endpoint import ping_endpoint, replay_delivery, replay_given_up
from engagements.domain.set_endpoint import (
    change_endpoint,
    enable_endpoint,
    remove_endpoint,
    renew_secret,
    set_endpoint,
)
from engagements.endpoint_found import find_delivery, find_endpoint, find_owner
from engagements.models import Endpoint, EndpointDelivery

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["webhooks"]
LONGEST_URL = 500


class EndpointSerializer(serializers.ModelSerializer[Endpoint]):
    kinds = serializers.ListField(child=serializers.CharField(), help_text="Of what it is told.")
    origin = serializers.CharField(help_text="Scheme and host; path and query may hold a token.")

    class Meta:
        model = Endpoint
        fields = [
            "id", "version", "title", "origin", "kinds", "begins_at", "set_at", "failing_since", "disabled_at",
            "disabled_because",
        ]  # fmt: skip
        read_only_fields = fields


class EndpointText(serializers.Serializer[None]):
    title = serializers.CharField(max_length=80, help_text="The system that is told.")
    kinds = serializers.ListField(child=serializers.CharField(), help_text="Of what it is told, at least one.")
    url = serializers.CharField(
        max_length=LONGEST_URL, default="", allow_blank=True, help_text="Another address; empty, it stays as it is."
    )


class EndpointChange(EndpointText):
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=999_999_999, help_text="The version you read, unless If-Match names it."
    )


class NewEndpoint(EndpointText):
    url = serializers.CharField(max_length=LONGEST_URL, help_text="https://host/path, at a public address.")


class SetEndpointSerializer(EndpointSerializer):
    url = serializers.CharField(help_text="The whole address.")
    secret = serializers.CharField(help_text="What signatures are made with (Standard Webhooks). Shown this once.")

    class Meta(EndpointSerializer.Meta):
        fields = [*EndpointSerializer.Meta.fields, "url", "secret"]
        read_only_fields = fields


def shown_once(endpoint: Endpoint, secret: str) -> dict[str, Any]:
    """The one answer that tells the secret."""
    return {**EndpointSerializer(endpoint).data, "url": url_of(endpoint), "secret": secret}


class EndpointDeliverySerializer(serializers.ModelSerializer[EndpointDelivery]):
    about = serializers.CharField(help_text="The code of the engagement; empty for a test.")

    class Meta:
        model = EndpointDelivery
        fields = [
            "event_id", "kind", "about", "made_at", "attempts", "status", "said", "sent_at", "given_up_at",
            "available_at",
        ]  # fmt: skip
        read_only_fields = fields


class ReplaySince(serializers.Serializer[None]):
    since = serializers.DateTimeField(help_text="What was made since then and given up is sent again.")


class ReplayedSerializer(serializers.Serializer[dict[str, int]]):
    count = serializers.IntegerField(help_text="How many go out again, up to 500 at one time.")


class Endpoints(ListAPIView[Endpoint]):
    serializer_class = EndpointSerializer
    shows_secret = True

    def get_queryset(self) -> QuerySet[Endpoint]:
        reader = reader_of(self.request)
        return Endpoint.objects.visible_to(reader).filter(organization=find_owner(self.request, self.kwargs["pk"]))

    @extend_schema(tags=TAGS, summary="The webhooks of an organization, by name")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Set a webhook", request=NewEndpoint, responses={201: SetEndpointSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """It is told what happens from now on. A browser session needs a fresh proof of who it is, a token does not."""
        organization, said = find_owner(request, pk), checked(NewEndpoint, request.data)
        made = set_endpoint(organization, authenticated_at=proved_at(request), actor=reader_of(request), **said)
        return at_version(shown_once(*made), made[0].version, status=201)


class EndpointView(APIView):
    @extend_schema(tags=TAGS, summary="A webhook", responses=EndpointSerializer)
    def get(self, request: Request, pk: int, endpoint: int) -> Response:
        found = find_endpoint(request, pk, endpoint)
        return at_version(EndpointSerializer(found).data, found.version)

    @extend_schema(
        tags=TAGS,
        operation_id="organizations_webhooks_change",
        summary="Change a webhook",
        request=EndpointChange,
        responses=EndpointSerializer,
    )
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        """The secret stays, and what waits goes to the new address. A browser session needs a fresh proof."""
        found, said = find_endpoint(request, pk, endpoint), checked(EndpointChange, request.data)
        said["version"] = version_seen(request, said)
        changed = change_endpoint(found, authenticated_at=proved_at(request), actor=reader_of(request), **said)
        return at_version(EndpointSerializer(changed).data, changed.version)


class EndpointSecret(APIView):
    shows_secret = True

    @extend_schema(
        tags=TAGS, summary="Make a new secret of a webhook", request=None, responses={201: SetEndpointSerializer}
    )
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        """For 24 hours deliveries are signed with the one before it, too. A browser session needs a fresh proof."""
        found = find_endpoint(request, pk, endpoint)
        made = renew_secret(found, authenticated_at=proved_at(request), actor=reader_of(request))
        return at_version(shown_once(*made), made[0].version, status=201)


class EndpointRemove(APIView):
    @extend_schema(tags=TAGS, summary="Remove a webhook, with its log", request=None, responses={204: None})
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        remove_endpoint(find_endpoint(request, pk, endpoint), actor=reader_of(request))
        return Response(status=204)


class EndpointEnable(APIView):
    @extend_schema(tags=TAGS, summary="Switch a webhook on again", request=None, responses=EndpointSerializer)
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        """409 where it is on. What it missed is sent when it is asked for."""
        found = find_endpoint(request, pk, endpoint)
        enabled = enable_endpoint(found, actor=reader_of(request))
        return at_version(EndpointSerializer(enabled).data, enabled.version)


class EndpointPing(APIView):
    @extend_schema(tags=TAGS, summary="Test a webhook", request=None, responses={201: EndpointDeliverySerializer})
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        """A delivery of the type `ping`, in whatever kinds it has chosen. 409 while it is switched off."""
        made = ping_endpoint(find_endpoint(request, pk, endpoint), actor=reader_of(request))
        return Response(EndpointDeliverySerializer(made).data, status=201)


class EndpointDeliveries(ListAPIView[EndpointDelivery]):
    serializer_class = EndpointDeliverySerializer

    def get_queryset(self) -> QuerySet[EndpointDelivery]:
        reader = reader_of(self.request)
        found = find_endpoint(self.request, self.kwargs["pk"], self.kwargs["endpoint"])
        return EndpointDelivery.objects.visible_to(reader).filter(endpoint=found).defer("body")

    @extend_schema(tags=TAGS, summary="Deliveries of a webhook, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class EndpointReplay(APIView):
    @extend_schema(tags=TAGS, summary="Send a delivery again", request=None, responses=EndpointDeliverySerializer)
    def post(self, request: Request, pk: int, endpoint: int, event: uuid.UUID) -> Response:
        """The same words under the same id. 409 while it has not come to its end."""
        found = find_endpoint(request, pk, endpoint)
        delivery = find_delivery(request, found, event)
        return Response(EndpointDeliverySerializer(replay_delivery(delivery, actor=reader_of(request))).data)


class EndpointReplaySince(APIView):
    @extend_schema(
        tags=TAGS, summary="Send again what was given up since", request=ReplaySince, responses=ReplayedSerializer
    )
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        """409 where nothing was given up since then."""
        found, since = find_endpoint(request, pk, endpoint), checked(ReplaySince, request.data)["since"]
        count = replay_given_up(found, since=since, actor=reader_of(request))
        return Response(ReplayedSerializer({"count": count}).data)
