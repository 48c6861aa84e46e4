"""Translations over the API: have one made, read its counts, its map and its files, and compare two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from discovery.api.uploads import ProgressSerializer
from discovery.domain.make_translation import make_translation
from discovery.found import find_estate, find_sets, find_translated_file, find_translation
from discovery.models import TranslatedConstruct, TranslatedFile, TranslationSet
from discovery.translation.translating import EMITTERS
from discovery.translation_map import FATES, LETTERS, MapFilter, compare_sets

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["discovery: translation"]
A_ROW = {
    "number": 7,
    "host": "mta1",
    "key": "9f2c61d00b7ae514",
    "kind": "parameter",
    "name": "smtp_helo_name",
    "subject": "",
    "instance": "postfix",
    "file": "etc/postfix/main.cf",
    "line": 12,
    "value": "mta1.northlake.example",
    "letter": "N",
    "letters": {"powermta": "N", "kumomta": "N"},
    "is_changing": False,
    "fate": "written",
    "names": ["host-name@virtual-mta"],
    "emitted": [{"file": "mta1/config", "line": 31, "text": "host-name mta1.northlake.example"}],
    "loss": "",
    "reasons": [],
    "traffic": {"percent": 100.0, "basis": "measured", "why": "Measured by mail logs of every host."},
    "override": {},
}


class SourceSerializer(serializers.Serializer[None]):
    upload = serializers.IntegerField(source="upload.number")
    host = serializers.CharField(source="upload.host_label")
    folder = serializers.CharField(help_text="Where the files of this host stand in the set.")


class TranslationSerializer(serializers.ModelSerializer[TranslationSet]):
    made_by = serializers.CharField(source="made_by.full_name", read_only=True)
    percent = serializers.IntegerField(read_only=True, allow_null=True)
    sources = SourceSerializer(many=True, read_only=True)

    class Meta:
        model = TranslationSet
        fields = [
            *("number", "target", "translator_digest", "made_by", "made_at", "sources", "construct_count"),
            *("written_count", "left_count", "dropped_count", "counted_count", "covered_count", "percent", "usual"),
            *("unclassified_count", "changing_count", "person_days", "level", "coverage", "versions"),
        ]
        read_only_fields = fields


class RowSerializer(serializers.ModelSerializer[TranslatedConstruct]):
    host = serializers.CharField(source="upload.host_label", read_only=True)
    upload = serializers.IntegerField(source="upload.number", read_only=True)

    class Meta:
        model = TranslatedConstruct
        fields = [
            *("number", "host", "upload", "key", "kind", "name", "subject", "instance", "file", "line", "line_count"),
            *("value", "letter", "letters", "is_changing", "fate", "names", "emitted", "loss", "reasons"),
            *("traffic", "override"),
        ]
        read_only_fields = fields


class TranslatedFileSerializer(serializers.ModelSerializer[TranslatedFile]):
    class Meta:
        model = TranslatedFile
        fields = ["path", "byte_count", "sha256"]
        read_only_fields = fields


class TranslatedTextSerializer(TranslatedFileSerializer):
    text = serializers.CharField(read_only=True)

    class Meta(TranslatedFileSerializer.Meta):
        fields = [*TranslatedFileSerializer.Meta.fields, "text"]
        read_only_fields = fields


class TargetAsked(serializers.Serializer[None]):
    target = serializers.ChoiceField(sorted(EMITTERS), required=False)


class TranslationList(ListAPIView[TranslationSet]):
    serializer_class = TranslationSerializer

    def get_queryset(self) -> QuerySet[TranslationSet]:
        engagement = find_estate(self.request, self.kwargs["code"])
        asked = checked(TargetAsked, self.request.query_params)
        visible = TranslationSet.objects.visible_to(reader_of(self.request)).filter(engagement=engagement, **asked)
        return visible.select_related("made_by").prefetch_related("sources__upload")

    @extend_schema(tags=TAGS, summary="Translations, latest first", parameters=[TargetAsked])
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS, summary="Have a translation to every target made", request=None, responses={201: ProgressSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """A job makes it. 422 where uploads and dictionary are those of the latest one."""
        job = make_translation(find_estate(request, code), actor=reader_of(request))
        return Response(ProgressSerializer(job).data, status=201)


class TranslationDetail(APIView):
    @extend_schema(
        tags=TAGS, summary="One translation: what it was made from and its counts", responses=TranslationSerializer
    )
    def get(self, request: Request, code: str, number: int) -> Response:
        shown = find_translation(request, find_estate(request, code), number)
        return Response(TranslationSerializer(shown).data)


class MapAsked(serializers.Serializer[None]):
    letter = serializers.ChoiceField(LETTERS, required=False, help_text="The class.")
    fate = serializers.ChoiceField(FATES, required=False)
    changing = serializers.ChoiceField(["yes"], required=False, help_text="Another class on another target.")
    text = serializers.CharField(required=False, max_length=200)


class RowList(ListAPIView[TranslatedConstruct]):
    serializer_class = RowSerializer

    def get_queryset(self) -> QuerySet[TranslatedConstruct]:
        shown = find_translation(self.request, find_estate(self.request, self.kwargs["code"]), self.kwargs["number"])
        asked = MapFilter.read(checked(MapAsked, self.request.query_params))
        rows = TranslatedConstruct.objects.visible_to(reader_of(self.request)).filter(translation=shown)
        return asked.narrow(rows).select_related("upload")

    @extend_schema(
        tags=TAGS,
        summary="The map: every construct once, what blocks the plan first",
        parameters=[MapAsked],
        examples=[OpenApiExample("A row", A_ROW, response_only=True)],
    )
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class RowDetail(APIView):
    @extend_schema(tags=TAGS, summary="One construct", responses=RowSerializer)
    def get(self, request: Request, code: str, number: int, construct: int) -> Response:
        shown = find_translation(request, find_estate(request, code), number)
        visible = TranslatedConstruct.objects.visible_to(reader_of(request)).filter(translation=shown)
        return Response(RowSerializer(get_object_or_404(visible.select_related("upload"), number=construct)).data)


class FileList(ListAPIView[TranslatedFile]):
    serializer_class = TranslatedFileSerializer

    def get_queryset(self) -> QuerySet[TranslatedFile]:
        shown = find_translation(self.request, find_estate(self.request, self.kwargs["code"]), self.kwargs["number"])
        visible = TranslatedFile.objects.visible_to(reader_of(self.request)).filter(translation=shown)
        return visible.defer("content")

    @extend_schema(tags=TAGS, summary="The generated files")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class FileDetail(APIView):
    @extend_schema(tags=TAGS, summary="One generated file with its text", responses=TranslatedTextSerializer)
    def get(self, request: Request, code: str, number: int, path: str) -> Response:
        shown = find_translation(request, find_estate(request, code), number)
        return Response(TranslatedTextSerializer(find_translated_file(request, shown, path)).data)


class SetsAsked(serializers.Serializer[None]):
    before = serializers.IntegerField(required=False, min_value=1, help_text="Number of the earlier translation.")
    after = serializers.IntegerField(required=False, min_value=1, help_text="Number of the later translation.")


class RowChangeSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["new", "gone", "changed"])
    differs = serializers.ListField(child=serializers.CharField())
    before = RowSerializer(allow_null=True)
    after = RowSerializer(allow_null=True)


class SetComparisonSerializer(serializers.Serializer[None]):
    before = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField(allow_null=True)
    changes = RowChangeSerializer(many=True)
    unchanged = serializers.IntegerField()


class Comparison(APIView):
    @extend_schema(
        tags=TAGS, summary="Two translations compared", parameters=[SetsAsked], responses=SetComparisonSerializer
    )
    def get(self, request: Request, code: str) -> Response:
        """Of one target. Without numbers the two latest; without two of them no changes."""
        engagement = find_estate(request, code)
        checked(SetsAsked, request.query_params)
        sets = TranslationSet.objects.visible_to(reader_of(request)).filter(engagement=engagement)
        pair = find_sets(request, engagement, list(sets))
        if pair is None:
            return Response({"before": None, "after": None, "changes": [], "unchanged": 0})
        comparison = compare_sets(*pair)
        numbers = {"before": pair[0].number, "after": pair[1].number}
        changes = RowChangeSerializer(comparison.changes, many=True).data
        return Response({**numbers, "changes": changes, "unchanged": comparison.unchanged})
