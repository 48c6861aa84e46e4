"""What an offer looks like over the API: worked out from data points, or as it stands in a quote."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from pricing.calculation.diagnosis import Band


class SignalSerializer(serializers.Serializer[Any]):
    """`is_lit` is null as long as a number behind it is unknown."""

    title = serializers.CharField(source="label")
    is_lit = serializers.BooleanField(allow_null=True)
    numbers = serializers.CharField()


class DiagnosisSerializer(serializers.Serializer[Any]):
    """`is_provisional` says that a number which is still unknown could change the verdict."""

    band = serializers.ChoiceField(list(Band))
    title = serializers.CharField(source="label")
    explanation = serializers.CharField()
    is_provisional = serializers.BooleanField()
    signals = SignalSerializer(many=True)


class TierSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField(source="label")
    scope = serializers.CharField()


class RejectedSerializer(serializers.Serializer[Any]):
    tier = serializers.CharField()
    fee = serializers.CharField()
    reason = serializers.CharField()


class LineSerializer(serializers.Serializer[Any]):
    description = serializers.CharField()
    quantity = serializers.CharField()
    unit_price = serializers.CharField()
    amount = serializers.CharField()


class OtherSourceSerializer(serializers.Serializer[Any]):
    range = serializers.CharField()
    origin = serializers.CharField(source="source")
    note = serializers.CharField()


class LicenceSerializer(serializers.Serializer[Any]):
    """What the vendor asks for; it is contracted with the vendor and no part of the total."""

    range = serializers.CharField()
    years = serializers.IntegerField()
    over_years = serializers.CharField()
    origin = serializers.CharField(source="source")
    note = serializers.CharField()
    others = OtherSourceSerializer(many=True)


class SizedSerializer(serializers.Serializer[Any]):
    term = serializers.CharField()
    value = serializers.CharField()


class OfferSerializer(serializers.Serializer[Any]):
    """Amounts as the quote prints them: “USD 28,500”."""

    sized_on = SizedSerializer(many=True)
    doubts = serializers.ListField(child=serializers.CharField())
    diagnosis = DiagnosisSerializer()
    tier = TierSerializer()
    because = serializers.ListField(child=serializers.CharField())
    rejected = RejectedSerializer(many=True)
    promises = serializers.ListField(child=serializers.CharField())
    included = serializers.ListField(child=serializers.CharField())
    exclusions = serializers.ListField(child=serializers.CharField())
    licence = LicenceSerializer(allow_null=True)
    refund = serializers.CharField()
    lines = LineSerializer(many=True)
    total = serializers.CharField()
    calculation = serializers.CharField(help_text="The version of the arithmetic.")
