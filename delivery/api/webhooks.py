"""The webhook over the API: set it, read its deliveries, send one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import EITHER_SIDE, require_any
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.webhooks.sealed import url_of
from delivery.domain.set_webhook import remove_webhook, set_webhook
from delivery.domain.tell_webhook import replay_delivery
from delivery.found import find_delivery
from delivery.models import WebhookDelivery
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["delivery: bounces and complaints"]


class NewWebhook(serializers.Serializer[None]):
    url = serializers.CharField(max_length=500, help_text="https://host/path, at a public address.")
    from_start = serializers.BooleanField(default=False, help_text="Tell what is stored already, too.")


class WebhookSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()
    set_at = serializers.DateTimeField()
    secret = serializers.CharField(help_text="What signatures are made with (Standard Webhooks). Shown this once.")


class WebhookDeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    class Meta:
        model = WebhookDelivery
        fields = [
            "number", "event_id", "kind", "row_count", "made_at", "attempts", "status", "said", "sent_at",
            "given_up_at", "available_at",
        ]  # fmt: skip
        read_only_fields = fields


class WebhookDeliveries(ListAPIView[WebhookDelivery]):
    serializer_class = WebhookDeliverySerializer
    shows_secret = True

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = WebhookDelivery.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.defer("body")

    @extend_schema(tags=TAGS, summary="Deliveries of the webhook, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Set the webhook", request=NewWebhook, responses={201: WebhookSerializer})
    def post(self, request: Request, code: str) -> Response:
        """Takes the place of the one before, with a secret of its own that no other answer holds."""
        engagement = find_estate(request, code)
        require_any(reader_of(request), EITHER_SIDE, engagement.organization)
        webhook, secret = set_webhook(engagement, actor=reader_of(request), **checked(NewWebhook, request.data))
        told = {"url": url_of(webhook), "set_at": webhook.set_at, "secret": secret}
        return Response(WebhookSerializer(told).data, status=201)


class WebhookRemove(APIView):
    @extend_schema(tags=TAGS, summary="Remove the webhook", request=None, responses={204: None})
    def post(self, request: Request, code: str) -> Response:
        """409 where there is none."""
        remove_webhook(find_estate(request, code), actor=reader_of(request))
        return Response(status=204)


class WebhookReplay(APIView):
    @extend_schema(tags=TAGS, summary="Send a delivery again", request=None, responses=WebhookDeliverySerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """The same words under the same id. 409 while it has not come to its end."""
        delivery = find_delivery(request, find_estate(request, code), number)
        return Response(WebhookDeliverySerializer(replay_delivery(delivery, actor=reader_of(request))).data)
