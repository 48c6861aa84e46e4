"""Cards of the watch and results of seeds over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.permissions import EITHER_SIDE, Permission, require, require_any
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.throttles import ReadThrottle, UploadThrottle
from delivery.api.watches import TAGS
from delivery.domain.answer_card import acknowledge_card, close_card, escalate_card
from delivery.domain.person_words import MOST_LETTERS
from delivery.domain.receive_seeds import receive_seeds
from delivery.found import find_card, find_seeds
from delivery.models import InsightCard, SeedResult, SeedUpload
from discovery.api.files import SentFile
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


def _person(field: str) -> serializers.CharField:
    return serializers.CharField(source=f"{field}.full_name", read_only=True, default=None, allow_null=True)


class CardSerializer(serializers.ModelSerializer[InsightCard]):
    acknowledged_by = _person("acknowledged_by")
    escalated_by = _person("escalated_by")
    escalated_to = _person("escalated_to")
    closed_by = _person("closed_by")
    decision = serializers.IntegerField(source="decision.number", read_only=True, default=None, allow_null=True)

    class Meta:
        model = InsightCard
        fields = [
            "number", "rule", "title", "provider", "stream", "said", "opened_at", "acknowledged_at",
            "acknowledged_by", "acknowledgement", "escalated_at", "escalated_by", "escalated_to", "escalation",
            "decision", "closed_at", "closed_by", "cause", "closing",
        ]  # fmt: skip
        read_only_fields = fields


class SeedUploadSerializer(serializers.ModelSerializer[SeedUpload]):
    uploaded_by = serializers.CharField(source="uploaded_by.full_name", read_only=True)

    class Meta:
        model = SeedUpload
        fields = [
            "number", "filename", "sha256", "line_count", "strange_count", "strange", "uploaded_at", "uploaded_by",
        ]  # fmt: skip
        read_only_fields = fields


class SeedResultSerializer(serializers.ModelSerializer[SeedResult]):
    class Meta:
        model = SeedResult
        fields = ["tested_on", "provider", "stream", "sent", "inbox", "spam", "missing"]
        read_only_fields = fields


class SeedDetailSerializer(SeedUploadSerializer):
    results = SeedResultSerializer(many=True, read_only=True)

    class Meta(SeedUploadSerializer.Meta):
        fields = [*SeedUploadSerializer.Meta.fields, "results"]
        read_only_fields = fields


class CardWords(serializers.Serializer[None]):
    words = serializers.CharField(max_length=MOST_LETTERS, help_text="Both sides read it.")


class CardCall(CardWords):
    to = serializers.CharField(max_length=320, help_text="The address of somebody on the engagement.")


class CardClosing(CardWords):
    cause = serializers.CharField(
        max_length=40, help_text="receiver, configuration, warm_up, content, records or chance."
    )


class NewSeeds(serializers.Serializer[None]):
    seeds = SentFile(help_text="CSV with the columns tested_on, provider, stream, sent, inbox, spam.")


class Cards(ListAPIView[InsightCard]):
    serializer_class = CardSerializer

    def get_queryset(self) -> QuerySet[InsightCard]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = InsightCard.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("acknowledged_by", "escalated_by", "escalated_to", "closed_by", "decision")

    @extend_schema(tags=TAGS, summary="Cards, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class CardDetail(APIView):
    @extend_schema(tags=TAGS, summary="One card", responses=CardSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(CardSerializer(find_card(request, find_estate(request, code), number)).data)


class CardAcknowledge(APIView):
    @extend_schema(tags=TAGS, summary="Acknowledge a card", request=CardWords, responses=CardSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        engagement = find_estate(request, code)
        card = find_card(request, engagement, number)
        require_any(reader_of(request), EITHER_SIDE, engagement.organization)
        sent = checked(CardWords, request.data)
        return Response(CardSerializer(acknowledge_card(card, actor=reader_of(request), **sent)).data)


class CardEscalate(APIView):
    @extend_schema(tags=TAGS, summary="Call somebody for a card", request=CardCall, responses=CardSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        """Mails them; while one can still go back, a decision is opened as well."""
        engagement = find_estate(request, code)
        card = find_card(request, engagement, number)
        require_any(reader_of(request), EITHER_SIDE, engagement.organization)
        sent = checked(CardCall, request.data)
        return Response(CardSerializer(escalate_card(card, actor=reader_of(request), **sent)).data)


class CardClose(APIView):
    @extend_schema(tags=TAGS, summary="Close a card with its cause", request=CardClosing, responses=CardSerializer)
    def post(self, request: Request, code: str, number: int) -> Response:
        engagement = find_estate(request, code)
        card = find_card(request, engagement, number)
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        sent = checked(CardClosing, request.data)
        return Response(CardSerializer(close_card(card, actor=reader_of(request), **sent)).data)


class Seeds(ListAPIView[SeedUpload]):
    serializer_class = SeedUploadSerializer
    parser_classes = [MultiPartParser]
    throttle_classes = [ReadThrottle, UploadThrottle]

    def get_queryset(self) -> QuerySet[SeedUpload]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = SeedUpload.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("uploaded_by")

    @extend_schema(tags=TAGS, summary="Files with results of seeds, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS,
        summary="Upload results of seeds",
        request={"multipart/form-data": NewSeeds},
        responses={201: SeedDetailSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """Lines that cannot be read are listed in `strange`; the others are kept. 409 for the same file again."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        sent = checked(NewSeeds, request.data)["seeds"]
        upload = receive_seeds(engagement, filename=sent.name, content_file=sent.file, actor=reader_of(request))
        return Response(SeedDetailSerializer(upload).data, status=201)


class SeedDetail(APIView):
    @extend_schema(tags=TAGS, summary="One file and its results", responses=SeedDetailSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(SeedDetailSerializer(find_seeds(request, find_estate(request, code), number)).data)
