"""What keys of trackers and tasks look like over the API, and what an act on a key takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from discovery.api.files import SentFile
from discovery.models import ExternalKey
from discovery.models.external_key import LONGEST_ADDRESS, LONGEST_KEY
from discovery.tracker_items import state_of
from discovery.trackers.external_ids import TASK, external_id
from engagements.models import GateTask

SINCE = (
    "Since this moment, it included. Ask a few minutes earlier than last time: an act that was under way then is told."
)


class TicketSerializer(serializers.ModelSerializer[ExternalKey]):
    """A key as it stands beside what it names."""

    class Meta:
        model = ExternalKey
        fields = ["system", "key", "address"]
        read_only_fields = fields


class ExternalKeySerializer(serializers.ModelSerializer[ExternalKey]):
    external_id = serializers.CharField(read_only=True)
    finding = serializers.IntegerField(source="finding.number", read_only=True, allow_null=True, default=None)
    task = serializers.IntegerField(source="task_id", read_only=True, allow_null=True)
    changed_by = serializers.CharField(source="changed_by.full_name", read_only=True)

    class Meta:
        model = ExternalKey
        fields = ["external_id", "finding", "task", "system", "key", "address", "version", "changed_by", "changed_at"]
        read_only_fields = fields


class KeyFilter(serializers.Serializer[None]):
    system = serializers.ChoiceField(ExternalKey.System.choices, required=False)
    key = serializers.CharField(required=False, max_length=LONGEST_KEY, help_text="The key of a ticket.")
    changed_since = serializers.DateTimeField(required=False, help_text=SINCE)


class KeyTextSerializer(serializers.Serializer[None]):
    key = serializers.CharField(max_length=LONGEST_KEY, help_text="What the tracker calls the ticket.")
    address = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_ADDRESS, help_text="Of the ticket, https alone."
    )
    version = serializers.IntegerField(
        required=False, min_value=0, max_value=999_999_999, help_text="Of the key that stands; 0 where none does."
    )


class NewKeySheet(serializers.Serializer[None]):
    system = serializers.ChoiceField(ExternalKey.System.choices)
    sheet = SentFile(help_text="CSV with the columns External ID and Key, or the tracker's own export.")
    base = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_ADDRESS,
        help_text="What stands before each key in an address.",
    )


class ImportedKeysSerializer(serializers.Serializer[Any]):
    new = serializers.IntegerField()
    known = serializers.IntegerField(help_text="Stood there already.")
    strange = serializers.IntegerField(help_text="Rows that name nothing of the portal.")


class TaskFilter(serializers.Serializer[None]):
    changed_since = serializers.DateTimeField(required=False, help_text=SINCE)


class TaskSerializer(serializers.ModelSerializer[GateTask]):
    external_id = serializers.SerializerMethodField()
    phase = serializers.IntegerField(source="gate.number", read_only=True)
    state = serializers.SerializerMethodField(help_text="not_begun, waiting, done or fell.")
    done_by = serializers.CharField(source="done_by.full_name", read_only=True, allow_null=True, default=None)
    external_keys = TicketSerializer(many=True, read_only=True)

    class Meta:
        model = GateTask
        fields = [
            "id", "external_id", "phase", "title", "explanation", "party", "state", "due_on", "evidence", "done_by",
            "done_at", "external_keys",
        ]  # fmt: skip
        read_only_fields = fields

    def get_external_id(self, task: GateTask) -> str:
        return external_id(task.gate.engagement.code, TASK, task.pk)

    def get_state(self, task: GateTask) -> str:
        return state_of(task)
