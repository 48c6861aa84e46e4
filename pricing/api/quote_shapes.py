"""What a quote looks like over the API, and what an act on one takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from engagements.models import Question
from pricing.api.offer_shapes import OfferSerializer
from pricing.consent import consent_to
from pricing.domain.decline_quote import OTHER, decline_reasons
from pricing.domain.send_quote import draft_digest
from pricing.given_terms import is_behind
from pricing.models import Quote


class TotalSerializer(serializers.Serializer[Any]):
    amount = serializers.DecimalField(max_digits=12, decimal_places=2)
    currency = serializers.CharField()


class QuoteSerializer(serializers.ModelSerializer[Quote]):
    """A quote as it was made. `digest` is what sending or accepting it has to name: of the draft, or of its PDF."""

    code = serializers.CharField(source="engagement.code", read_only=True)
    organization = serializers.CharField(source="engagement.organization.name", read_only=True)
    fee = TotalSerializer(read_only=True)
    total = TotalSerializer(read_only=True)
    offer = OfferSerializer(source="snapshot", read_only=True)
    digest = serializers.SerializerMethodField()
    is_behind = serializers.SerializerMethodField(
        help_text="True of a draft whose request has other data points by now: draft it again before you send it."
    )
    consent = serializers.SerializerMethodField(help_text="What accepting declares; empty once it cannot be accepted.")
    accepted_by = serializers.CharField(source="accepted_by.full_name", read_only=True, allow_null=True, default=None)
    declined_by = serializers.CharField(source="declined_by.full_name", read_only=True, allow_null=True, default=None)
    voided_by = serializers.CharField(source="voided_by.full_name", read_only=True, allow_null=True, default=None)
    amends = serializers.CharField(source="amends.reference", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Quote
        fields = [
            *("reference", "number", "revision", "amends", "code", "organization", "state", "tier_key", "tier_label"),
            *("fee", "total", "calculation", "created_at", "sent_at", "valid_until", "digest", "consent"),
            *("accepted_by", "accepted_at", "receipt", "po_number", "declined_by", "declined_at", "decline_reason"),
            *(
                "decline_text",
                "voided_by",
                "voided_at",
                "end_reason",
                "renewal_asked_at",
                "renewal_asked_by",
                "is_behind",
                "offer",
            ),
        ]
        read_only_fields = fields

    def get_digest(self, quote: Quote) -> str:
        return quote.document.digest if quote.document else draft_digest(quote)

    def get_is_behind(self, quote: Quote) -> bool:
        return is_behind(quote)

    def get_consent(self, quote: Quote) -> str:
        return consent_to(quote).text if quote.is_open else ""


class QuoteRowSerializer(serializers.ModelSerializer[Quote]):
    code = serializers.CharField(source="engagement.code", read_only=True)
    organization = serializers.CharField(source="engagement.organization.name", read_only=True)
    total = TotalSerializer(read_only=True)

    class Meta:
        model = Quote
        fields = [
            *("reference", "number", "revision", "code", "organization", "state", "tier_key", "tier_label"),
            *("total", "created_at", "sent_at", "valid_until"),
        ]
        read_only_fields = fields


class SendSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField(max_length=64, help_text="The `digest` of the draft you reviewed.")


class AcceptQuoteSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField(max_length=64, help_text="The `digest` of the quote whose PDF you read.")
    may_accept = serializers.BooleanField(help_text="True: you declare what `consent` of the quote says.")
    po_number = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")

    def validate_may_accept(self, may: bool) -> bool:  # noqa: FBT001 (the framework's own signature)
        if not may:
            raise serializers.ValidationError("Confirm that you may accept this quote.")
        return may


class DeclineQuoteSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    text = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text=f"Asked for with “{OTHER}”."
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The reasons are those of the day."""
        return {**super().get_fields(), "reason": serializers.ChoiceField(decline_reasons())}


class WhySerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class ChangedSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2000)


class QuestionSerializer(serializers.ModelSerializer[Question]):
    """A question to whoever owns the request: nothing is accepted or declined by it."""

    asked_by = serializers.CharField(source="asked_by.full_name", read_only=True)

    class Meta:
        model = Question
        fields = ["about", "text", "asked_by", "asked_at"]
        read_only_fields = fields


class ReceiptSerializer(serializers.ModelSerializer[Quote]):
    """Proof of an acceptance."""

    organization = serializers.CharField(source="engagement.organization.name", read_only=True)
    total = TotalSerializer(read_only=True)

    class Meta:
        model = Quote
        fields = [
            *("receipt", "reference", "organization", "tier_label", "total", "acceptor_label"),
            *("accepted_at", "accepted_digest", "po_number", "consent_text", "consent_version"),
        ]
        read_only_fields = fields
