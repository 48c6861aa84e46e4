"""The webhooks of an organization over the API. Setting one needs a fresh proof, so that is the browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from engagements.domain.replay_endpoint import ping_endpoint, replay_delivery, replay_given_up
from engagements.domain.set_endpoint import enable_endpoint, remove_endpoint
from engagements.endpoint_rows import find_delivery, find_endpoint, find_owner
from engagements.models import Endpoint, EndpointDelivery

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["webhooks"]


class EndpointSerializer(serializers.ModelSerializer[Endpoint]):
    kinds = serializers.ListField(child=serializers.CharField(), help_text="Of what it is told.")
    origin = serializers.CharField(help_text="Scheme and host; path and query may hold a token.")

    class Meta:
        model = Endpoint
        fields = [
            "id", "title", "origin", "kinds", "begins_at", "set_at", "failing_since", "disabled_at", "disabled_because",
        ]  # fmt: skip
        read_only_fields = fields


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

    def get_queryset(self) -> QuerySet[Endpoint]:
        reader = reader_of(self.request)
        return Endpoint.objects.visible_to(reader).filter(organization=find_owner(reader, self.kwargs["pk"]))

    @extend_schema(tags=TAGS, summary="The webhooks of an organization, by name")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        """They are set in the browser, where whoever sets one proves who they are."""
        return super().get(request, *arguments, **keywords)


class EndpointRemove(APIView):
    @extend_schema(tags=TAGS, summary="Remove a webhook, with its log", request=None, responses={204: None})
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        remove_endpoint(find_endpoint(reader_of(request), pk, endpoint), actor=reader_of(request))
        return Response(status=204)


class EndpointEnable(APIView):
    @extend_schema(tags=TAGS, summary="Switch a webhook on again", request=None, responses=EndpointSerializer)
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        """409 where it is on. What it missed is sent when it is asked for."""
        found = find_endpoint(reader_of(request), pk, endpoint)
        return Response(EndpointSerializer(enable_endpoint(found, actor=reader_of(request))).data)


class EndpointPing(APIView):
    @extend_schema(tags=TAGS, summary="Test a webhook", request=None, responses={201: EndpointDeliverySerializer})
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        """A delivery of the type `ping`, in whatever kinds it has chosen. 409 while it is switched off."""
        made = ping_endpoint(find_endpoint(reader_of(request), pk, endpoint), actor=reader_of(request))
        return Response(EndpointDeliverySerializer(made).data, status=201)


class EndpointDeliveries(ListAPIView[EndpointDelivery]):
    serializer_class = EndpointDeliverySerializer

    def get_queryset(self) -> QuerySet[EndpointDelivery]:
        reader = reader_of(self.request)
        found = find_endpoint(reader, self.kwargs["pk"], self.kwargs["endpoint"])
        return EndpointDelivery.objects.visible_to(reader).filter(endpoint=found).defer("body")

    @extend_schema(tags=TAGS, summary="Deliveries of a webhook, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class EndpointReplay(APIView):
    @extend_schema(tags=TAGS, summary="Send a delivery again", request=None, responses=EndpointDeliverySerializer)
    def post(self, request: Request, pk: int, endpoint: int, event: uuid.UUID) -> Response:
        """The same words under the same id. 409 while it has not come to its end."""
        found = find_endpoint(reader_of(request), pk, endpoint)
        delivery = find_delivery(reader_of(request), found, event)
        return Response(EndpointDeliverySerializer(replay_delivery(delivery, actor=reader_of(request))).data)


class EndpointReplaySince(APIView):
    @extend_schema(
        tags=TAGS, summary="Send again what was given up since", request=ReplaySince, responses=ReplayedSerializer
    )
    def post(self, request: Request, pk: int, endpoint: int) -> Response:
        """409 where nothing was given up since then."""
        found, since = find_endpoint(reader_of(request), pk, endpoint), checked(ReplaySince, request.data)["since"]
        count = replay_given_up(found, since=since, actor=reader_of(request))
        return Response(ReplayedSerializer({"count": count}).data)
