"""A gate over the API: how it stands, and the acts at it that are no signature.

Signing, revoking and approving a held part are signed by name, so they are the browser's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import Permission, require, require_any
from accounts.reader import reader_of
from accounts.token_api import proved_at
from core.api import APIView
from core.asked import checked
from core.errors import Conflict, DomainError
from engagements.changes import changed_fields
from engagements.content import both_sides, wording_of
from engagements.domain.delegate_signature import delegate_signature
from engagements.domain.note_reference import LONGEST, note_reference
from engagements.domain.request_changes import request_changes
from engagements.found import find_engagement, find_gate, find_versions
from engagements.models import Condition, FrozenDocument, Gate, GateTask
from engagements.parties import PARTY_PERMISSIONS
from engagements.parts import held_parts
from engagements.signing_order import signing_order

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["engagements: gates"]


class SignerSerializer(serializers.Serializer[None]):
    name = serializers.CharField(source="person.full_name")
    turn = serializers.IntegerField()
    waits_for = serializers.CharField(help_text="Who signs first; empty when it is this one's turn.")
    in_place_of = serializers.CharField(source="stands_in.given_by.full_name", default=None, allow_null=True)
    signature = serializers.CharField(source="signoff.reference", default=None, allow_null=True)


class HeldSerializer(serializers.Serializer[None]):
    key = serializers.CharField()
    part = serializers.CharField(source="label")
    reason = serializers.CharField()
    phase = serializers.IntegerField(source="signoff.gate.number")
    held_by = serializers.CharField(source="signoff.signed_by.full_name")


class ConditionSerializer(serializers.Serializer[None]):
    text = serializers.CharField()
    due_on = serializers.DateField()
    signature = serializers.CharField(source="signoff.reference")
    done_at = serializers.DateTimeField(source="task.done_at", allow_null=True)
    evidence = serializers.CharField(source="task.evidence")


class DocumentSerializer(serializers.ModelSerializer[FrozenDocument]):
    class Meta:
        model = FrozenDocument
        fields = ["id", "title", "version", "digest", "frozen_at"]
        read_only_fields = fields


class GateStandingSerializer(serializers.Serializer[dict[str, Any]]):
    number = serializers.IntegerField()
    state = serializers.CharField()
    external_reference = serializers.CharField()
    document = DocumentSerializer(allow_null=True)
    signers = SignerSerializer(many=True)
    conditions = ConditionSerializer(many=True, help_text="What has to be done before this gate can be signed.")
    held = HeldSerializer(many=True, help_text="Held anywhere in the engagement.")


def standing_of(gate: Gate, reader: User) -> dict[str, Any]:
    document = gate.current_document
    conditions = Condition.objects.visible_to(reader).filter(task__gate=gate).in_force()
    standing = {
        "number": gate.number,
        "state": gate.state,
        "external_reference": gate.external_reference,
        "document": document,
        "signers": signing_order(document) if document else [],
        "conditions": conditions.select_related("signoff", "task"),
        "held": held_parts(gate.engagement),
    }
    return dict(GateStandingSerializer(standing).data)


class GateDetail(APIView):
    @extend_schema(tags=TAGS, summary="How a gate stands", responses=GateStandingSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return Response(standing_of(find_gate(request, code, number), reader_of(request)))


class DelegateSerializer(serializers.Serializer[None]):
    to = serializers.EmailField(help_text="A colleague who has the duty to sign this phase.")
    reason = serializers.CharField(max_length=2000)


class GateDelegate(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Hand your signature over to a colleague",
        request=DelegateSerializer,
        responses=GateStandingSerializer,
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """They sign in your place, in this phase. A browser session needs a fresh proof of who it is."""
        gate, reader = find_gate(request, code, number), reader_of(request)
        require(reader, Permission.SIGN, gate.engagement.organization, phase=number)
        asked = checked(DelegateSerializer, request.data)
        colleagues = User.objects.people().filter(memberships__organization=gate.engagement.organization)
        to = colleagues.filter(email__iexact=asked["to"]).first()
        if to is None:
            raise DomainError(f"Nobody at {gate.engagement.organization} has the address {asked['to']}.")
        facts = {"to": to, "reason": asked["reason"], "authenticated_at": proved_at(request)}
        delegate_signature(_document_of(gate), actor=reader, **facts)
        return Response(standing_of(find_gate(request, code, number), reader_of(request)))


class ChangesSerializer(serializers.Serializer[None]):
    digest = serializers.CharField(max_length=64, help_text="SHA-256 of the document you read.")
    reason = serializers.CharField(max_length=10_000)


class GateRequestChanges(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Request changes instead of signing",
        request=ChangesSerializer,
        responses=GateStandingSerializer,
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        gate, reader = find_gate(request, code, number), reader_of(request)
        require(reader, Permission.REQUEST_CHANGES, gate.engagement.organization)
        asked = checked(ChangesSerializer, request.data)
        documents = FrozenDocument.objects.visible_to(reader).select_related("gate")
        shown = get_object_or_404(documents, gate=gate, digest=asked["digest"])
        request_changes(shown, actor=reader, reason=asked["reason"])
        return Response(standing_of(find_gate(request, code, number), reader_of(request)))


class ReferenceSerializer(serializers.Serializer[None]):
    text = serializers.CharField(max_length=LONGEST, allow_blank=True)


class GateReference(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Keep the customer's change number of a gate",
        request=ReferenceSerializer,
        responses=GateStandingSerializer,
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        gate, reader = find_gate(request, code, number), reader_of(request)
        require_any(reader, PARTY_PERMISSIONS[GateTask.Party.JOINT], gate.engagement.organization)
        note_reference(gate, actor=reader, text=checked(ReferenceSerializer, request.data)["text"])
        return Response(standing_of(find_gate(request, code, number), reader_of(request)))


class FieldChangeSerializer(serializers.Serializer[None]):
    place = serializers.CharField(source="full_place")
    was = serializers.CharField()
    now = serializers.CharField()


class DifferenceSerializer(serializers.Serializer[dict[str, Any]]):
    before = DocumentSerializer()
    after = DocumentSerializer()
    changes = FieldChangeSerializer(many=True)


class DocumentDifference(APIView):
    @extend_schema(tags=TAGS, summary="What moved between two versions of a document", responses=DifferenceSerializer)
    def get(self, request: Request, code: str, pk: int, earlier: int) -> Response:
        before, after = find_versions(request, find_engagement(request, code), earlier, pk)
        changes = changed_fields(*both_sides(before, after.snapshot), wording_of(after))
        return Response(DifferenceSerializer({"before": before, "after": after, "changes": changes}).data)


def _document_of(gate: Gate) -> FrozenDocument:
    if gate.current_document is None:
        raise Conflict(f"Nothing of phase {gate.number} is out for signature.")
    return gate.current_document
