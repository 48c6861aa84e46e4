"""The pre-flight over the API: the list, have DNS asked, state a check, note the key of a selector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from delivery.domain.ask_dns import request_preflight
from delivery.domain.note_key import note_key
from delivery.domain.person_words import MOST_LETTERS
from delivery.domain.state_check import require_party, state_check, withdraw_statement
from delivery.found import find_item
from delivery.models import DnsAnswer, PreflightStatement, SelectorKey
from delivery.preflight.outcomes import State
from delivery.preflight_state import answers_to, state_of, states_of
from discovery.api.uploads import ProgressSerializer
from discovery.found import find_estate

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["delivery: pre-flight"]
STATES = [state.value for state in State]


class PreflightOutcomeSerializer(serializers.Serializer[Any]):
    subject = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    said = serializers.CharField()
    asked = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Questions as [name, type]."
    )


class PreflightStatementSerializer(serializers.ModelSerializer[PreflightStatement]):
    stated_by = serializers.CharField(source="stated_by.full_name", read_only=True)

    class Meta:
        model = PreflightStatement
        fields = ["note", "evidence", "is_withdrawn", "set_digest", "stated_at", "stated_by"]
        read_only_fields = fields


class PreflightCheckSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(source="item.key")
    title = serializers.CharField(source="item.title")
    answered_by = serializers.ChoiceField(["dns", "fact", "person"], source="item.source")
    party = serializers.ChoiceField(["consultancy", "customer", "joint"], source="item.party")
    holds = serializers.BooleanField()
    known = serializers.ChoiceField(STATES, help_text="What the system knows, without what people stated.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="What is still missing.")
    outdated = serializers.CharField(help_text="Why what was asked no longer counts.")
    outcomes = PreflightOutcomeSerializer(many=True)
    statement = PreflightStatementSerializer(allow_null=True)


class DnsAnswerSerializer(serializers.ModelSerializer[DnsAnswer]):
    resolver = serializers.CharField(source="run.resolver", read_only=True)

    class Meta:
        model = DnsAnswer
        fields = ["name", "kind", "found", "values", "why", "asked_at", "resolver"]
        read_only_fields = fields


class PreflightDetailSerializer(PreflightCheckSerializer):
    answers = DnsAnswerSerializer(many=True)


class NewPreflightStatement(serializers.Serializer[None]):
    note = serializers.CharField(max_length=MOST_LETTERS)
    evidence = serializers.CharField(max_length=MOST_LETTERS)


class PreflightWithdrawal(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=MOST_LETTERS)


class NewSelectorKey(serializers.Serializer[None]):
    record_name = serializers.CharField(max_length=250, help_text="s1-kumo._domainkey.example.com")
    public_key = serializers.CharField(max_length=MOST_LETTERS, help_text="PEM, base64, or the record.")


class SelectorKeySerializer(serializers.ModelSerializer[SelectorKey]):
    noted_by = serializers.CharField(source="noted_by.full_name", read_only=True)

    class Meta:
        model = SelectorKey
        fields = ["record_name", "public_key", "noted_at", "noted_by"]
        read_only_fields = fields


class Preflight(APIView):
    @extend_schema(
        tags=TAGS, summary="Every check of the pre-flight of gate 2", responses=PreflightCheckSerializer(many=True)
    )
    def get(self, request: Request, code: str) -> Response:
        return Response(PreflightCheckSerializer(states_of(find_estate(request, code)), many=True).data)

    @extend_schema(tags=TAGS, summary="Have DNS asked", request=None, responses={201: ProgressSerializer})
    def post(self, request: Request, code: str) -> Response:
        """A job asks the resolver that the portal is set to; what it does not answer stays not known."""
        job = request_preflight(find_estate(request, code), actor=reader_of(request))
        return Response(ProgressSerializer(job).data, status=201)


class CheckDetail(APIView):
    @extend_schema(tags=TAGS, summary="One check with what was asked and answered", responses=PreflightDetailSerializer)
    def get(self, request: Request, code: str, key: str) -> Response:
        state = state_of(find_estate(request, code), find_item(key))
        detail = {
            **PreflightCheckSerializer(state).data,
            "answers": DnsAnswerSerializer(answers_to(state, reader_of(request)), many=True).data,
        }
        return Response(detail)

    @extend_schema(
        tags=TAGS,
        summary="State that a check holds",
        request=NewPreflightStatement,
        responses={201: PreflightStatementSerializer},
    )
    def post(self, request: Request, code: str, key: str) -> Response:
        """422 where the system knows already, or where what it found has to be put right."""
        engagement, item = find_estate(request, code), find_item(key)
        require_party(item, engagement, reader_of(request))
        sent = checked(NewPreflightStatement, request.data)
        statement = state_check(engagement, item, actor=reader_of(request), **sent)
        return Response(PreflightStatementSerializer(statement).data, status=201)


class CheckWithdraw(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Withdraw a statement",
        request=PreflightWithdrawal,
        responses={201: PreflightStatementSerializer},
    )
    def post(self, request: Request, code: str, key: str) -> Response:
        """It stays in the record. 409 where no statement counts."""
        engagement, item = find_estate(request, code), find_item(key)
        require_party(item, engagement, reader_of(request))
        sent = checked(PreflightWithdrawal, request.data)
        withdrawal = withdraw_statement(engagement, item, actor=reader_of(request), **sent)
        return Response(PreflightStatementSerializer(withdrawal).data, status=201)


class SelectorKeys(APIView):
    @extend_schema(tags=TAGS, summary="Noted public keys of selectors", responses=SelectorKeySerializer(many=True))
    def get(self, request: Request, code: str) -> Response:
        visible = SelectorKey.objects.visible_to(reader_of(request)).filter(engagement=find_estate(request, code))
        return Response(SelectorKeySerializer(visible.select_related("noted_by"), many=True).data)

    @extend_schema(
        tags=TAGS,
        summary="Note the public key of a new selector",
        request=NewSelectorKey,
        responses={201: SelectorKeySerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """What is published is compared with it at the next round. A private key is refused and not kept."""
        engagement = find_estate(request, code)
        require_party(find_item("dkim"), engagement, reader_of(request))
        sent = checked(NewSelectorKey, request.data)
        noted = note_key(engagement, record_name=sent["record_name"], text=sent["public_key"], actor=reader_of(request))
        return Response(SelectorKeySerializer(noted).data, status=201)
