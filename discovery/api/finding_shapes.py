"""What a finding looks like over the API, and what an act on one takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from discovery.api.tracker_shapes import SINCE, TicketSerializer
from discovery.domain.review_several import Reviewed
from discovery.domain.undo_review import Undone
from discovery.models import Confidence, Finding, FindingDraft, ReviewStep, Severity, TranslationClass
from discovery.models.external_key import LONGEST_KEY
from discovery.note_form import LONGEST_FILE, LONGEST_HOST, LONGEST_TEXT, LONGEST_TITLE
from discovery.queries import history_of
from discovery.review_queue import CLASSES, PROPOSALS, STATES

if TYPE_CHECKING:
    from typing import Any


class FindingSerializer(serializers.ModelSerializer[Finding]):
    reference = serializers.CharField(read_only=True)
    decided_by = serializers.CharField(source="decided_by.full_name", read_only=True, allow_null=True, default=None)
    assignee = serializers.EmailField(source="assignee.email", read_only=True, allow_null=True, default=None)
    duplicate_of = serializers.IntegerField(
        source="duplicate_of.number", read_only=True, allow_null=True, default=None, help_text="The one it repeats."
    )

    class Meta:
        model = Finding
        fields = [
            "number",
            "reference",
            "version",
            "host_label",
            "instance_name",
            "source",
            "rule",
            "title",
            "severity",
            "confidence",
            "file",
            "line",
            "evidence",
            "message",
            "why",
            "manual",
            "suggested_classes",
            "effort",
            "translation_class",
            "impact",
            "proposal",
            "state",
            "dismissal",
            "decision_note",
            "decided_by",
            "decided_at",
            "duplicate_of",
            "assignee",
            "found_at",
            "gone_at",
        ]
        read_only_fields = fields


# The columns of a list of them: what the fields above say, of each other row the one thing they say.
_OF_OTHERS = {"decided_by": "full_name", "assignee": "email", "duplicate_of": "number"}
LISTED = [
    f"{name}__{_OF_OTHERS[name]}" if name in _OF_OTHERS else name
    for name in FindingSerializer.Meta.fields
    if name != "reference"
]


class EventSerializer(serializers.Serializer[None]):
    at = serializers.DateTimeField()
    sentence = serializers.CharField()


class ListedFindingSerializer(FindingSerializer):
    external_keys = TicketSerializer(many=True, read_only=True, help_text="Of the tickets in trackers.")

    class Meta(FindingSerializer.Meta):
        fields = [*FindingSerializer.Meta.fields, "external_keys"]
        read_only_fields = fields


class FindingDetailSerializer(ListedFindingSerializer):
    first_seen = serializers.IntegerField(source="first_seen.number", read_only=True, allow_null=True, default=None)
    last_seen = serializers.IntegerField(source="last_seen.number", read_only=True, allow_null=True, default=None)
    history = serializers.SerializerMethodField()

    class Meta(ListedFindingSerializer.Meta):
        fields = [*ListedFindingSerializer.Meta.fields, "first_seen", "last_seen", "history"]
        read_only_fields = fields

    @extend_schema_field(EventSerializer(many=True))
    def get_history(self, finding: Finding) -> Any:
        return EventSerializer(history_of(finding), many=True).data  # type: ignore[arg-type]  # rows of any class with its fields


class NoteSerializer(serializers.Serializer[None]):
    title = serializers.CharField(max_length=LONGEST_TITLE, help_text="In a few words.")
    severity = serializers.ChoiceField(Severity.choices)
    confidence = serializers.ChoiceField(Confidence.choices, help_text="Certain is what was seen, not heard.")
    message = serializers.CharField(max_length=LONGEST_TEXT, help_text="What was found, and how it is known.")
    why = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, help_text="Why it matters.")
    host_label = serializers.CharField(max_length=LONGEST_HOST, required=False, allow_blank=True)
    file = serializers.CharField(max_length=LONGEST_FILE, required=False, allow_blank=True)
    evidence = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, help_text="What it reads there; secrets are masked."
    )


class FindingFilter(serializers.Serializer[None]):
    state = serializers.ChoiceField(STATES, default=Finding.State.OPEN)
    severity = serializers.ChoiceField(Severity.choices, required=False)
    confidence = serializers.ChoiceField(Confidence.choices, required=False)
    source = serializers.ChoiceField(Finding.Source.choices, required=False)  # type: ignore[assignment]  # a field named as an attribute of fields; DRF takes it off the class
    host_label = serializers.CharField(required=False, help_text="The host it is about.")
    rule = serializers.CharField(required=False, help_text="The rule that says it.")
    translation_class = serializers.ChoiceField(CLASSES, required=False)
    proposal = serializers.ChoiceField(PROPOSALS, required=False)
    assignee = serializers.CharField(required=False, help_text="“me”, “nobody” or an e-mail address.")
    text = serializers.CharField(required=False, max_length=200, help_text="In what it says, its line, file or number.")
    external_key = serializers.CharField(
        required=False, max_length=LONGEST_KEY, help_text="The key of its ticket in any tracker."
    )
    changed_since = serializers.DateTimeField(required=False, help_text=SINCE)


class VersionSerializer(serializers.Serializer[None]):
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=999_999_999, help_text="The version you read, unless If-Match names it."
    )


class VersionOrNoneSerializer(serializers.Serializer[None]):
    version = serializers.IntegerField(
        required=False, min_value=0, max_value=999_999_999, help_text="The version you read: 0 where nothing stood yet."
    )


class AcceptSerializer(VersionSerializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class DismissSerializer(VersionSerializer):
    reason = serializers.ChoiceField(Finding.Dismissal.choices, help_text="Why it does not matter here.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class AnswerSerializer(VersionSerializer):
    translation_class = serializers.ChoiceField(TranslationClass.choices, required=False, allow_blank=True)
    impact = serializers.CharField(
        required=False, allow_blank=True, max_length=4000, help_text="What is lost without it."
    )
    proposal = serializers.CharField(required=False, allow_blank=True, max_length=4000, help_text="What we propose.")


class DraftSerializer(serializers.ModelSerializer[FindingDraft]):
    saved_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="Null where there is none.")

    class Meta:
        model = FindingDraft
        fields = ["version", "translation_class", "impact", "proposal", "saved_at"]
        read_only_fields = fields


class SeenSerializer(serializers.Serializer[None]):
    number = serializers.IntegerField(min_value=1, max_value=999_999_999)
    version = serializers.IntegerField(min_value=1, max_value=999_999_999)


class ChosenSerializer(serializers.Serializer[None]):
    findings = SeenSerializer(many=True, allow_empty=True)


class DismissChosenSerializer(ChosenSerializer):
    reason = serializers.ChoiceField(Finding.Dismissal.choices, help_text="Why they do not matter here.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class MergeChosenSerializer(ChosenSerializer):
    into = serializers.IntegerField(min_value=1, max_value=999_999_999, help_text="The number of the one that stays.")


class ClassifyChosenSerializer(ChosenSerializer):
    translation_class = serializers.ChoiceField(TranslationClass.choices)


class AssignChosenSerializer(ChosenSerializer):
    assignee = serializers.EmailField(
        allow_null=True, help_text="The e-mail address of somebody on the team of the engagement; null for nobody."
    )


class BatchSerializer(serializers.Serializer[None]):
    batch = serializers.UUIDField()


class UndoneSerializer(serializers.Serializer[Undone]):
    act = serializers.ChoiceField(ReviewStep.Act.choices, help_text="What was taken back.")
    findings = FindingSerializer(many=True, help_text="As they were before the act.")
    left_alone = FindingSerializer(many=True, help_text="Somebody changed these since.")


class ReviewedSerializer(serializers.Serializer[Reviewed]):
    act = serializers.ChoiceField(ReviewStep.Act.choices)
    batch = serializers.UUIDField()
    findings = FindingSerializer(many=True)
