"""The dictionary over the API, as everybody who is signed in may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from discovery.dictionary_rows import Asked, overrides_of
from discovery.dictionary_words import CLASS_WORDS, RELATION_WORDS
from discovery.models import Confidence
from discovery.translation.book import Row, Variant, load_book
from discovery.translation.examples import example_of
from discovery.translation.known_versions import known_versions, postfix_since
from discovery.translation.samples import lines_made_of
from discovery.translation.treatments import TARGETS

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["discovery: dictionary"]
A_TREATMENT = {
    "letter": "N",
    "relation": "equal",
    "names": ["host-name@virtual-mta"],
    "loss": "",
    "reason": "",
    "how": "",
    "needs": "",
    "units": None,
    "confidence": "certain",
}
AN_ENTRY = {
    "id": "smtp-helo-name",
    "group": "Who the host is",
    "kind": "parameter",
    "names": ["smtp_helo_name"],
    "patterns": [],
    "manual": "postconf(5)",
    "note": "",
    "main_only": "",
    "nothing_at": [],
    "targets": {"powermta": A_TREATMENT, "kumomta": {**A_TREATMENT, "names": ["make_egress_source.ehlo_domain"]}},
}


class TreatmentSerializer(serializers.Serializer[Any]):
    """What becomes of a construct on one target."""

    letter = serializers.ChoiceField(list(CLASS_WORDS.items()), help_text="The class.")
    relation = serializers.ChoiceField(
        list(RELATION_WORDS.items()), required=False, help_text="Left out: as usual for the class."
    )
    names = serializers.ListField(child=serializers.CharField(), required=False, help_text="What the target calls it.")
    loss = serializers.CharField(required=False, allow_blank=True, help_text="What changes for mail.")
    reason = serializers.CharField(required=False, allow_blank=True, help_text="Why what is dropped leaves nothing.")
    how = serializers.CharField(required=False, allow_blank=True, help_text="How it is carried over, in words.")
    needs = serializers.CharField(required=False, allow_blank=True, help_text="The version of the target that has it.")
    units = serializers.IntegerField(required=False, allow_null=True, help_text="Of effort, if not as published.")
    confidence = serializers.ChoiceField(Confidence.choices, required=False)


class TargetsSerializer(serializers.Serializer[Any]):
    powermta = TreatmentSerializer()
    kumomta = TreatmentSerializer()


class EntrySerializer(serializers.Serializer[Row]):
    id = serializers.CharField()
    group = serializers.CharField(help_text="The subject.")
    kind = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField())
    patterns = serializers.SerializerMethodField(help_text="Names of other constructs that it speaks of.")
    manual = serializers.CharField()
    note = serializers.CharField()
    main_only = serializers.CharField(help_text="The program that alone reads it, from main.cf.")
    nothing_at = serializers.SerializerMethodField(help_text="Values with which nothing is left to translate.")
    targets = TargetsSerializer(source="treatments")

    def get_patterns(self, row: Row) -> list[str]:
        return [pattern.pattern for pattern in row.patterns]

    def get_nothing_at(self, row: Row) -> list[str]:
        return sorted(row.nothing_at)


class VariantSerializer(serializers.Serializer[Variant]):
    value = serializers.CharField(source="value.pattern", help_text="A regular expression for the whole value.")
    targets = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=TreatmentSerializer()))
    def get_targets(self, variant: Variant) -> dict[str, Any]:
        return {target: TreatmentSerializer(said).data for target, said in variant.treatments.items()}


class VersionsSerializer(serializers.Serializer[None]):
    postfix = serializers.CharField()
    powermta = serializers.CharField()
    kumomta = serializers.CharField()


class WholeEntrySerializer(EntrySerializer):
    example = serializers.SerializerMethodField(help_text="How it looks in Postfix.")
    becomes = serializers.SerializerMethodField(help_text="What the generators make of the example, by target.")
    sources = serializers.SerializerMethodField(help_text="Where the names of each target are described.")
    variants = VariantSerializer(many=True, help_text="Other answers for certain values.")
    since = serializers.SerializerMethodField(help_text="The version of Postfix that brought each name.")
    versions = serializers.SerializerMethodField(help_text="The versions this was written against.")
    overrides = serializers.SerializerMethodField(help_text="Numbers of overrides in force that the reader may see.")

    def get_example(self, row: Row) -> str:
        return example_of(row)

    def get_becomes(self, row: Row) -> dict[str, list[str]]:
        return {target: list(lines) for target, lines in lines_made_of(row.id).items()}

    def get_sources(self, row: Row) -> dict[str, list[str]]:
        return {target: list(row.sources(target)) for target in TARGETS}

    def get_since(self, row: Row) -> dict[str, str]:
        return postfix_since(row)

    @extend_schema_field(VersionsSerializer)
    def get_versions(self, _row: Row) -> dict[str, str]:
        return dict(known_versions())

    def get_overrides(self, row: Row) -> list[int]:
        return [each.number for each in overrides_of(row, reader_of(self.context["request"]))]


class EntryFilter(serializers.Serializer[None]):
    text = serializers.CharField(required=False, default="", max_length=200, help_text="In names, subject or note.")
    target = serializers.ChoiceField(TARGETS, required=False, default="")
    letter = serializers.ChoiceField(list(CLASS_WORDS), required=False, default="", help_text="Its class there.")
    group = serializers.CharField(required=False, default="", max_length=200)


class RowList(ListAPIView[Any]):
    serializer_class = EntrySerializer

    def get_queryset(self) -> Any:
        asked = Asked(**checked(EntryFilter, self.request.query_params))
        return [row for row in load_book().rows if asked.fits(row)]

    @extend_schema(
        tags=TAGS,
        summary="The entries, in the order of their subjects",
        parameters=[EntryFilter],
        examples=[OpenApiExample("An entry", AN_ENTRY, response_only=True)],
    )
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class RowDetail(APIView):
    @extend_schema(tags=TAGS, summary="One entry with both targets and versions", responses=WholeEntrySerializer)
    def get(self, request: Request, row: str) -> Response:
        found = load_book().row(row)
        if found is None:
            raise Http404
        return Response(WholeEntrySerializer(found, context={"request": request}).data)
