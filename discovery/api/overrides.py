"""Overrides of the dictionary over the API: propose, read, review, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView, ListAPIView
from core.asked import checked
from core.errors import DomainError
from discovery.api.dictionary import TargetsSerializer
from discovery.domain.lock_override import require_for_all
from discovery.domain.propose_override import LONGEST_NAME, LONGEST_TEXT, LONGEST_VALUE, OverrideText, propose_override
from discovery.domain.review_override import accept_override, reject_override, withdraw_override
from discovery.found import find_override, find_overrides
from discovery.models import DictionaryOverride
from discovery.translation.overrides import said_treatments
from engagements.models import Engagement

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

TAGS = ["discovery: dictionary"]


class OverrideSerializer(serializers.ModelSerializer[DictionaryOverride]):
    reference = serializers.CharField(read_only=True)
    engagement = serializers.CharField(
        source="engagement.code", read_only=True, default=None, help_text="Null: every engagement."
    )
    targets = serializers.SerializerMethodField()
    proposed_by = serializers.CharField(source="proposed_by.full_name", read_only=True)
    reviewed_by = serializers.CharField(source="reviewed_by.full_name", read_only=True, default=None, allow_null=True)
    ended_by = serializers.CharField(source="ended_by.full_name", read_only=True, default=None, allow_null=True)

    class Meta:
        model = DictionaryOverride
        fields = [
            *("number", "reference", "version", "engagement", "kind", "name", "value", "targets", "source", "reason"),
            *("state", "proposed_by", "proposed_at", "reviewed_by", "reviewed_at", "review_note"),
            *("ended_by", "ended_at", "ended_reason"),
        ]
        read_only_fields = fields

    @extend_schema_field(TargetsSerializer)
    def get_targets(self, override: DictionaryOverride) -> Any:
        return TargetsSerializer(said_treatments(override.treatments)).data


class ProposalSerializer(serializers.Serializer[None]):
    engagement = serializers.CharField(
        required=False, allow_null=True, max_length=20, help_text="Its code. Left out: every engagement."
    )
    kind = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=LONGEST_NAME)
    value = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_VALUE, help_text="Left out: every value."
    )
    targets = TargetsSerializer()
    source = serializers.CharField(  # type: ignore[assignment]  # the body calls it as the row does
        max_length=LONGEST_TEXT, help_text="Where that is written."
    )
    reason = serializers.CharField(max_length=LONGEST_TEXT, help_text="Why the published entry does not hold.")


class OverrideFilter(serializers.Serializer[None]):
    state = serializers.ChoiceField(DictionaryOverride.State.choices, required=False)
    kind = serializers.CharField(required=False, max_length=30)
    name = serializers.CharField(required=False, max_length=LONGEST_NAME)


class OverrideList(ListAPIView[DictionaryOverride]):
    serializer_class = OverrideSerializer

    def get_queryset(self) -> QuerySet[DictionaryOverride]:
        asked = checked(OverrideFilter, self.request.query_params)
        return find_overrides(self.request).filter(**asked)

    @extend_schema(tags=TAGS, summary="Overrides, latest first", parameters=[OverrideFilter])
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)

    @extend_schema(
        tags=TAGS, summary="Propose an override", request=ProposalSerializer, responses={201: OverrideSerializer}
    )
    def post(self, request: Request) -> Response:
        """It changes nothing until somebody else accepts it."""
        reader = reader_of(request)
        require_for_all(reader)
        asked = checked(ProposalSerializer, request.data)
        engagement = _engagement_of(request, asked.pop("engagement", None))
        treatments = {
            target: {"class": said["letter"], **{name: value for name, value in said.items() if name != "letter"}}
            for target, said in asked.pop("targets").items()
        }
        made = propose_override(OverrideText(**asked, treatments=treatments), actor=reader, engagement=engagement)
        return Response(OverrideSerializer(made).data, status=201)


def _engagement_of(request: Request, code: str | None) -> Engagement | None:
    if code is None:
        return None
    found: Engagement | None = (
        Engagement.objects.visible_to(reader_of(request)).select_related("organization").filter(code=code).first()
    )
    if found is None:
        raise DomainError(f"There is no engagement {code} that you can see.")
    return found


class OverrideDetail(APIView):
    @extend_schema(tags=TAGS, summary="One override", responses=OverrideSerializer)
    def get(self, request: Request, number: int) -> Response:
        return Response(OverrideSerializer(find_override(request, number)).data)


class AcceptOverrideSerializer(serializers.Serializer[None]):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_TEXT)


class RejectOverrideSerializer(serializers.Serializer[None]):
    note = serializers.CharField(max_length=LONGEST_TEXT, help_text="Its author reads this.")


class WithdrawOverrideSerializer(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=LONGEST_TEXT)


@extend_schema(tags=TAGS, summary="Accept an override", request=AcceptOverrideSerializer, responses=OverrideSerializer)
class Accept(APIView):
    def post(self, request: Request, number: int) -> Response:
        """Somebody else's. Translations that it changes are made again by jobs."""
        override, said = find_override(request, number), checked(AcceptOverrideSerializer, request.data)
        return Response(OverrideSerializer(accept_override(override, actor=reader_of(request), **said)).data)


@extend_schema(tags=TAGS, summary="Reject an override", request=RejectOverrideSerializer, responses=OverrideSerializer)
class Reject(APIView):
    def post(self, request: Request, number: int) -> Response:
        override, said = find_override(request, number), checked(RejectOverrideSerializer, request.data)
        return Response(OverrideSerializer(reject_override(override, actor=reader_of(request), **said)).data)


@extend_schema(
    tags=TAGS, summary="Withdraw an override", request=WithdrawOverrideSerializer, responses=OverrideSerializer
)
class Withdraw(APIView):
    def post(self, request: Request, number: int) -> Response:
        """One's own proposal, or what is in force."""
        override, said = find_override(request, number), checked(WithdrawOverrideSerializer, request.data)
        return Response(OverrideSerializer(withdraw_override(override, actor=reader_of(request), **said)).data)
