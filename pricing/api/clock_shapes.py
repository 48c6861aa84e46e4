"""How the promise to answer is written over the API. Spans are seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.components import ClockReading, ClockState
from pricing.clocks import clock_of
from pricing.models import Pause

if TYPE_CHECKING:
    from pricing.models import Request


class ClockSerializer(serializers.Serializer[Any]):
    """`left` is negative when it is late; `due_at` is null while the clock is paused."""

    state = serializers.ChoiceField([str(state) for state in ClockState])
    due_at = serializers.DateTimeField(allow_null=True)
    left = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField()
    pause = serializers.CharField(help_text="Why it stands still; empty while it runs.")
    is_calendar = serializers.BooleanField(help_text="Whether every hour counts; else those of working days.")

    def get_left(self, reading: ClockReading) -> int:
        return int(reading.left.total_seconds())

    def get_allowed(self, reading: ClockReading) -> int:
        return int(reading.allowed.total_seconds()) if reading.allowed else 0


class ClockField(serializers.ReadOnlyField):
    """The clock of a request that was fetched `with_clock()`; null as long as a data point is missing."""

    def to_representation(self, value: Request) -> Any:
        reading = clock_of(value)
        return ClockSerializer(reading).data if reading else None


class DueField(serializers.ReadOnlyField):
    def to_representation(self, value: Request) -> Any:
        reading = clock_of(value)
        return reading.due_at if reading else None


extend_schema_field(ClockSerializer(allow_null=True))(ClockField)
extend_schema_field(serializers.DateTimeField(allow_null=True))(DueField)


class PauseSerializer(serializers.ModelSerializer[Pause]):
    paused_by = serializers.CharField(source="paused_by.full_name")
    resumed_by = serializers.CharField(source="resumed_by.full_name", allow_null=True, default=None)

    class Meta:
        model = Pause
        fields = ["reason", "paused_at", "paused_by", "resumed_at", "resumed_by"]
        read_only_fields = fields


class ClockDetailSerializer(serializers.Serializer[Any]):
    """What both sides read of the promise to answer."""

    started_at = serializers.DateTimeField(source="complete_at", allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    clock = ClockField(source="*")
    pauses = PauseSerializer(many=True)
