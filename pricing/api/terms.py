"""What the practice does to a quote beyond the rules, over the API; and what a revision changes, for both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.reader import reader_of
from accounts.token_api import proved_at
from core.api import APIView
from core.asked import checked
from pricing.api.papers import DrawnPaperSerializer, paper_shown
from pricing.api.quote_shapes import QuoteSerializer, WhySerializer
from pricing.api.quotes import TAGS, quote_shown
from pricing.calculation.terms import Reduction
from pricing.domain.amend_quote import amend_quote
from pricing.domain.give_terms import Seen, approve_term, choose_tier_instead, give_discount
from pricing.domain.redate_quote import NewDate, request_redating
from pricing.domain.void_quote import void_quote
from pricing.found import find_quote, find_quote_for
from pricing.given_terms import given_in
from pricing.models import Approval
from pricing.revisions import changes_in
from pricing.term_forms import LONGEST_REASON

if TYPE_CHECKING:
    from rest_framework.request import Request


class QuoteChangeSerializer(serializers.Serializer[Any]):
    """An empty side: the revision on that side does not hold it."""

    what = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class QuoteChangesSerializer(serializers.Serializer[Any]):
    against = serializers.CharField(help_text="The letter of the last revision that was sent before.")
    reference = serializers.CharField()
    rows = QuoteChangeSerializer(many=True)


class ComparedSerializer(serializers.Serializer[Any]):
    changes = QuoteChangesSerializer(allow_null=True)


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    approved_by = serializers.CharField(source="approved_by.full_name", read_only=True)

    class Meta:
        model = Approval
        fields = ["words", "approved_by", "approved_at"]
        read_only_fields = fields


class GivenSerializer(serializers.Serializer[Any]):
    """`covers` is what an approval has to name: exactly this, as it is now."""

    subject = serializers.ChoiceField(Approval.Subject.choices)
    words = serializers.CharField()
    reason = serializers.CharField()
    by = serializers.CharField(source="by.full_name")
    covers = serializers.CharField()
    needs_approval = serializers.BooleanField()
    approval = ApprovalSerializer(allow_null=True)


class GivenListSerializer(serializers.Serializer[Any]):
    given = GivenSerializer(many=True)


class DraftSeenSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField(max_length=64, help_text="The `digest` of the draft you read.")
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, required=False, default="")


class DiscountSerializer(DraftSeenSerializer):
    """`percent` or `amount`; neither takes the discount off. Totals are computed, never sent."""

    percent = serializers.DecimalField(max_digits=5, decimal_places=2, required=False, allow_null=True, default=None)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, required=False, allow_null=True, default=None)

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if sent["percent"] is not None and sent["amount"] is not None:
            raise serializers.ValidationError("Send a percentage or an amount, one of the two.")
        return sent


class ChosenTierSerializer(DraftSeenSerializer):
    tier = serializers.CharField(max_length=20)


class CoversSerializer(serializers.Serializer[Any]):
    covers = serializers.CharField(max_length=64)


class NewDateSerializer(serializers.Serializer[Any]):
    last_day = serializers.DateField()
    reason = serializers.CharField(max_length=LONGEST_REASON)


class QuoteChanges(APIView):
    @extend_schema(tags=TAGS, summary="What this revision changes against the one before", responses=ComparedSerializer)
    def get(self, request: Request, reference: str) -> Response:
        return Response(ComparedSerializer({"changes": changes_in(find_quote(request, reference))}).data)


class QuoteGiven(APIView):
    @extend_schema(tags=TAGS, summary="What goes beyond the rules, and who approved it", responses=GivenListSerializer)
    def get(self, request: Request, reference: str) -> Response:
        """For those who send quotes."""
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        return Response(GivenListSerializer({"given": given_in(quote)}).data)


class QuoteDiscount(APIView):
    @extend_schema(
        tags=TAGS, summary="Set the discount of a draft", request=DiscountSerializer, responses={200: QuoteSerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        sent = checked(DiscountSerializer, request.data)
        is_one = sent["percent"] is not None or sent["amount"] is not None
        reduction = Reduction(sent["percent"], sent["amount"]) if is_one else None
        return quote_shown(give_discount(quote, actor=reader_of(request), reduction=reduction, seen=_seen(sent)))


class QuoteTier(APIView):
    @extend_schema(
        tags=TAGS, summary="Put a draft on another tier", request=ChosenTierSerializer, responses={200: QuoteSerializer}
    )
    def post(self, request: Request, reference: str) -> Response:
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        sent = checked(ChosenTierSerializer, request.data)
        return quote_shown(choose_tier_instead(quote, actor=reader_of(request), tier=sent["tier"], seen=_seen(sent)))


class QuoteApprove(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Approve what somebody else gave",
        request=CoversSerializer,
        responses={200: ApprovalSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        """A browser session needs a fresh proof."""
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        sent = checked(CoversSerializer, request.data)
        reader, proved = reader_of(request), proved_at(request)
        approval = approve_term(quote, actor=reader, authenticated_at=proved, covers=sent["covers"])
        return Response(ApprovalSerializer(approval).data)


class QuoteRedate(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Offer an expired quote again until a later day",
        request=NewDateSerializer,
        responses={202: DrawnPaperSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        """The PDF is made by a worker; it is sent when it is there. Ask `paper` how far it is.

        A browser session needs a fresh proof.
        """
        quote = find_quote_for(request, reference, Permission.REDATE_QUOTE)
        new = NewDate(**checked(NewDateSerializer, request.data))
        reader, proved = reader_of(request), proved_at(request)
        return paper_shown(request_redating(quote, actor=reader, authenticated_at=proved, new=new))


class QuoteVoid(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Declare an acceptance void before work begins",
        request=WhySerializer,
        responses={200: QuoteSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        """A browser session needs a fresh proof."""
        quote = find_quote_for(request, reference, Permission.VOID_QUOTE)
        sent = checked(WhySerializer, request.data)
        reader, proved = reader_of(request), proved_at(request)
        return quote_shown(void_quote(quote, actor=reader, authenticated_at=proved, reason=sent["reason"]))


class QuoteAmend(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Draft an amendment from what discovery found",
        request=WhySerializer,
        responses={201: QuoteSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
        sent = checked(WhySerializer, request.data)
        return quote_shown(amend_quote(quote, actor=reader_of(request), reason=sent["reason"]), status=201)


def _seen(sent: dict[str, Any]) -> Seen:
    return Seen(sent["reason"], sent["digest"])
