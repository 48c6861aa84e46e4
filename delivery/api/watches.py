"""The watch over the API: what is agreed, how each figure stands against the baseline, and the baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from delivery.domain.agree_watch import agree_watch
from delivery.domain.freeze_baseline import freeze_baseline
from delivery.domain.person_words import MOST_LETTERS
from delivery.found import find_baseline
from delivery.models import Baseline, InsightCard, Watch
from delivery.watch_figures import material_of
from delivery.watch_rows import status_of
from delivery.watch_state import age_of, current_watch, standings_of
from delivery.watch_streams import stream_rows, streams_note
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from accounts.models import User
    from delivery.watch_state import Age, Standing
    from engagements.models import Engagement

TAGS = ["delivery: watch"]


class BaselineSerializer(serializers.ModelSerializer[Baseline]):
    frozen_by = serializers.CharField(source="frozen_by.full_name", read_only=True)

    class Meta:
        model = Baseline
        fields = ["number", "digest", "first_day", "last_day", "day_count", "is_short", "frozen_at", "frozen_by"]
        read_only_fields = fields


class BaselineContentSerializer(BaselineSerializer):
    content = serializers.JSONField(
        read_only=True,
        help_text="cells: [weekday from 0, hour or -1, delivered, bounced, put off] by provider. stream_cells: these "
        "by stream, what belongs to none that is told under an empty name; missing where the logs told no streams. "
        "stream_days: how many days tell streams, and of how many.",
    )

    class Meta(BaselineSerializer.Meta):
        fields = [*BaselineSerializer.Meta.fields, "content"]
        read_only_fields = fields


class AgreedSerializer(serializers.ModelSerializer[Watch]):
    baseline = serializers.IntegerField(source="baseline.number", read_only=True)
    cutover = serializers.IntegerField(source="cutover.number", read_only=True)
    agreed_by = serializers.CharField(source="agreed_by.full_name", read_only=True)

    class Meta:
        model = Watch
        fields = ["number", "baseline", "cutover", "begins_at", "days", "why_short", "agreed_at", "agreed_by"]
        read_only_fields = fields


class WatchedFigureSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    title = serializers.CharField()
    provider = serializers.CharField(help_text="Empty for all providers.")
    stream = serializers.CharField(help_text="Empty for all streams.")
    status = serializers.CharField()
    is_crossed = serializers.BooleanField(help_text="Over the whole span of the rule.")
    count = serializers.IntegerField(allow_null=True)
    of = serializers.IntegerField(allow_null=True)
    before = serializers.FloatField(allow_null=True, help_text="The baseline of the same hours, as a part of 1.")
    why = serializers.CharField()
    card = serializers.IntegerField(allow_null=True)


class WatchedStreamSerializer(serializers.Serializer[Any]):
    stream = serializers.CharField(source="name", help_text="The domain of the sender; empty where none is told.")
    title = serializers.CharField(source="label")
    before = serializers.IntegerField(help_text="Recipients over the days of the baseline.")
    now = serializers.IntegerField(help_text="Recipients on the last days.")
    status = serializers.CharField(source="status.label")


class WatchSerializer(serializers.Serializer[Any]):
    """`watch` is null and the lists empty before one is agreed."""

    watch = AgreedSerializer(allow_null=True)
    data_until = serializers.DateTimeField(allow_null=True)
    is_stale = serializers.BooleanField()
    days = serializers.ListField(child=serializers.DateField(), help_text="Whole days that the logs hold.")
    standings = WatchedFigureSerializer(many=True)
    streams = WatchedStreamSerializer(many=True)
    streams_note = serializers.CharField(help_text="What is not compared by stream, and why; empty where all is.")


class NewWatch(serializers.Serializer[None]):
    days = serializers.IntegerField()
    baseline = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="The newest else.")
    why_short = serializers.CharField(max_length=MOST_LETTERS, required=False, default="", allow_blank=True)


def _told(engagement: Engagement, reader: User) -> dict[str, Any]:
    watch = current_watch(engagement)
    if watch is None:
        nothing: dict[str, Any] = {"watch": None, "data_until": None, "is_stale": True, "streams_note": ""}
        return dict(WatchSerializer({**nothing, "days": [], "standings": [], "streams": []}).data)
    material = material_of(watch)
    age, standings = age_of(material), standings_of(material)
    cards = InsightCard.objects.visible_to(reader).filter(engagement=engagement).open()
    by_key = {(card.rule, card.provider, card.stream): card for card in cards}
    told = {
        "watch": watch,
        "data_until": age.until,
        "is_stale": age.is_stale,
        "days": material.days,
        "standings": [_row(each, by_key.get(each.key), age) for each in standings],
        "streams": stream_rows(material, standings, by_key, age),
        "streams_note": streams_note(material),
    }
    return dict(WatchSerializer(told).data)


def _row(standing: Standing, card: InsightCard | None, age: Age) -> dict[str, Any]:
    counts = standing.seen.counts
    return {
        "rule": standing.rule.key,
        "title": standing.rule.title,
        "provider": standing.provider,
        "stream": standing.stream,
        "status": status_of(standing, card, age).label,
        "is_crossed": standing.is_crossed,
        "count": counts.count if counts else None,
        "of": counts.of if counts else None,
        "before": counts.before if counts else None,
        "why": standing.seen.why,
        "card": card.number if card else None,
    }


class Watches(APIView):
    @extend_schema(tags=TAGS, summary="The watch and how it stands", responses=WatchSerializer)
    def get(self, request: Request, code: str) -> Response:
        return Response(_told(find_estate(request, code), reader_of(request)))

    @extend_schema(tags=TAGS, summary="Agree a watch", request=NewWatch, responses={201: WatchSerializer})
    def post(self, request: Request, code: str) -> Response:
        """From the cutover that is done, in place of the watch before; 409 where it says the same."""
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        agree_watch(engagement, actor=reader_of(request), **checked(NewWatch, request.data))
        return Response(_told(engagement, reader_of(request)), status=201)


class Baselines(ListAPIView[Baseline]):
    serializer_class = BaselineSerializer

    def get_queryset(self) -> QuerySet[Baseline]:
        engagement = find_estate(self.request, self.kwargs["code"])
        visible = Baseline.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)
        return visible.select_related("frozen_by").defer("content")

    @extend_schema(tags=TAGS, summary="Baselines, latest first")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(tags=TAGS, summary="Freeze a baseline", request=None, responses={201: BaselineContentSerializer})
    def post(self, request: Request, code: str) -> Response:
        """Of all mail logs that have been read. 409 where the newest one says the same."""
        baseline = freeze_baseline(find_estate(request, code), actor=reader_of(request))
        return Response(BaselineContentSerializer(baseline).data, status=201)


class BaselineDetail(APIView):
    @extend_schema(tags=TAGS, summary="One baseline and its figures", responses=BaselineContentSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(BaselineContentSerializer(find_baseline(request, find_estate(request, code), number)).data)
