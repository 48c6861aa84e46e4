"""Dossiers over the API: list them, add one, complete it, confirm what was read, open those that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import at_version, checked, version_seen
from discovery.api.finding_shapes import VersionSerializer
from discovery.domain.add_dossier import add_dossier
from discovery.domain.complete_dossier import complete_dossier, confirm_reading
from discovery.domain.lock_dossier import DossierFacts
from discovery.domain.open_dossiers import open_dossiers
from discovery.found import find_dossier, find_estate, find_to_add
from discovery.models import Dossier

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["discovery: dossiers"]
STATED = list(DossierFacts.__dataclass_fields__)


class DossierSerializer(serializers.ModelSerializer[Dossier]):
    """What people stated stands in its fields; `read` is what the files tell, as {field: [[text, file, line]]}."""

    reference = serializers.CharField(read_only=True)
    unknown = serializers.SerializerMethodField()
    is_gone = serializers.BooleanField(read_only=True)

    class Meta:
        model = Dossier
        fields = ["number", "reference", "version", "host_label", *STATED, "read", "evidence", "unknown", "is_gone"]
        read_only_fields = fields

    def get_unknown(self, dossier: Dossier) -> list[str]:
        return [field.key for field in dossier.unknown]


class StatedSerializer(serializers.ModelSerializer[Dossier]):
    """The whole of what is stated: what is left out is emptied."""

    class Meta:
        model = Dossier
        fields = STATED


class NewDossierSerializer(StatedSerializer):
    class Meta:
        model = Dossier
        fields = [*STATED, "host_label"]
        validators: tuple[Any, ...] = ()  # the domain says in its own words that a name stands there already


class CompleteSerializer(StatedSerializer):
    version = serializers.IntegerField(required=False)

    class Meta:
        model = Dossier
        fields = [*STATED, "version"]


class ConfirmSerializer(VersionSerializer):
    keys = serializers.ListField(child=serializers.CharField(max_length=20), help_text="Fields whose reading is right.")


class OpenedSerializer(serializers.Serializer[None]):
    opened = serializers.IntegerField()
    gone = serializers.IntegerField()


class DossierList(ListAPIView[Dossier]):
    serializer_class = DossierSerializer

    def get_queryset(self) -> QuerySet[Dossier]:
        engagement = find_estate(self.request, self.kwargs["code"])
        return Dossier.objects.visible_to(reader_of(self.request)).filter(engagement=engagement)

    @extend_schema(tags=TAGS, summary="Dossiers of milters, daemons, scripts and timed work")
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS, summary="Add a component", request=NewDossierSerializer, responses={201: DossierSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        engagement = find_to_add(request, code)
        sent = checked(NewDossierSerializer, request.data)
        host = sent.pop("host_label", "")
        dossier = add_dossier(engagement, facts=DossierFacts(**sent), host_label=host, actor=reader_of(request))
        return at_version(DossierSerializer(dossier).data, dossier.version, status=201)


class DossiersOpen(APIView):
    @extend_schema(tags=TAGS, summary="Open the dossiers that are missing", request=None, responses=OpenedSerializer)
    def post(self, request: Request, code: str) -> Response:
        changes = open_dossiers(find_to_add(request, code), actor=reader_of(request))
        return Response({"opened": changes.opened, "gone": changes.gone})


class DossierDetail(APIView):
    @extend_schema(tags=TAGS, summary="One dossier", responses=DossierSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return _shown(find_dossier(request, find_estate(request, code), number))

    @extend_schema(
        operation_id="complete_dossier",
        tags=TAGS,
        summary="Complete a dossier",
        request=CompleteSerializer,
        responses={200: DossierSerializer},
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        dossier = find_dossier(request, find_to_add(request, code), number)
        sent = checked(CompleteSerializer, request.data)
        version = version_seen(request, sent)
        sent.pop("version", None)
        return _shown(complete_dossier(dossier, actor=reader_of(request), version=version, facts=DossierFacts(**sent)))


@extend_schema(tags=TAGS, summary="Confirm what was read", request=ConfirmSerializer, responses=DossierSerializer)
class DossierConfirm(APIView):
    def post(self, request: Request, code: str, number: int) -> Response:
        dossier = find_dossier(request, find_to_add(request, code), number)
        sent = checked(ConfirmSerializer, request.data)
        version = version_seen(request, sent)
        return _shown(confirm_reading(dossier, actor=reader_of(request), version=version, keys=sent["keys"]))


def _shown(dossier: Dossier) -> Response:
    return at_version(DossierSerializer(dossier).data, dossier.version)
