"""The rules over the API, as everybody who is signed in may read them, and what they say against an engagement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api import APIView, ListAPIView
from core.asked import checked
from discovery.found import find_estate
from discovery.hard_stops import SHOWN, Verdict, verdicts_of
from discovery.log_evidence import LogEvidence
from discovery.models import Confidence, Severity
from discovery.postfix.rule_packs import Rule, load_rules
from discovery.rule_filter import CLASS_WORDS, RuleFilter
from engagements.models import Engagement

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["discovery: rules"]
SOFT_BOUNCE = {
    "id": "soft-bounce",
    "title": "Refusals are turned into delays",
    "severity": "high",
    "confidence": "certain",
    "classes": {"powermta": "custom", "kumomta": "custom"},
    "effort": 16,
    "message": "{name} = {value} ({service}): permanent errors are treated as temporary.",
    "why": "Mail that should come back stays in the queue for days.",
    "manual": ["postconf(5) soft_bounce"],
    "per": "line",
}
A_STOP = {
    "id": "multi-instance",
    "title": "Several instances on one host",
    "targets": [
        {
            "target": "powermta",
            "state": "fail",
            "words": "These findings show it.",
            "workaround": "One server with a virtual MTA for each instance.",
            "findings": [12],
            "dismissed": [],
        }
    ],
    "logs": [],
}


class RuleSerializer(serializers.Serializer[Rule]):
    id = serializers.CharField()
    title = serializers.CharField()
    severity = serializers.ChoiceField(Severity.choices)
    confidence = serializers.ChoiceField(Confidence.choices)
    classes = serializers.DictField(child=serializers.CharField(), help_text="What becomes of it on each target.")
    effort = serializers.IntegerField(help_text="In units of a quarter of an hour: /dictionary/effort/.")
    message = serializers.CharField(help_text="The sentence of its findings, with the words it fills in.")
    why = serializers.CharField()
    manual = serializers.ListField(child=serializers.CharField())
    per = serializers.CharField(help_text="What it says once: line, subject, file, instance or bundle.")


class RulesAsked(serializers.Serializer[None]):
    severity = serializers.ChoiceField(Severity.choices, required=False, default="")
    target = serializers.ChoiceField(Engagement.Target.choices, required=False, default="")
    becomes = serializers.ChoiceField(list(CLASS_WORDS), required=False, default="", help_text="Its class there.")
    text = serializers.CharField(
        required=False, default="", max_length=200, help_text="Words of its id, its title, its message or its reason."
    )


class RuleList(ListAPIView[Any]):
    serializer_class = RuleSerializer

    def get_queryset(self) -> Any:
        asked = checked(RulesAsked, self.request.query_params)
        shown = RuleFilter(asked["severity"], asked["target"], asked["becomes"], asked["text"])
        return [rule for rule in load_rules() if shown.fits(rule)]

    @extend_schema(
        tags=TAGS,
        summary="The rules, in the order of their packs",
        parameters=[RulesAsked],
        examples=[OpenApiExample("A rule", SOFT_BOUNCE, response_only=True)],
    )
    def get(self, request: Request, *arguments: Any, **keywords: Any) -> Response:
        return super().get(request, *arguments, **keywords)


class RuleDetail(APIView):
    @extend_schema(
        tags=TAGS,
        summary="One rule",
        responses=RuleSerializer,
        examples=[OpenApiExample("A rule", SOFT_BOUNCE, response_only=True)],
    )
    def get(self, request: Request, rule: str) -> Response:  # noqa: ARG002 (the same for everybody)
        found = next((each for each in load_rules() if each.id == rule), None)
        if found is None:
            raise Http404
        return Response(RuleSerializer(found).data)


class VerdictSerializer(serializers.Serializer[Verdict]):
    target = serializers.ChoiceField(Engagement.Target.choices, source="target.target")
    state = serializers.ChoiceField(list(SHOWN))
    words = serializers.CharField()
    workaround = serializers.CharField(source="target.workaround")
    findings = serializers.SerializerMethodField(help_text="Numbers of the findings it rests on.")
    dismissed = serializers.SerializerMethodField(help_text="Numbers of findings that no longer count against it.")

    def get_findings(self, verdict: Verdict) -> list[int]:
        return [finding.number for finding in verdict.findings]

    def get_dismissed(self, verdict: Verdict) -> list[int]:
        return [finding.number for finding in verdict.dismissed]


class LogEvidenceSerializer(serializers.Serializer[LogEvidence]):
    log = serializers.IntegerField(source="number", help_text="Number of the mail log.")
    host = serializers.CharField()
    period = serializers.CharField()
    words = serializers.CharField(help_text="What was counted.")
    seen = serializers.BooleanField(source="is_seen", allow_null=True, help_text="null where the log cannot tell.")


class HardStopSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    targets = VerdictSerializer(many=True)
    logs = LogEvidenceSerializer(many=True, help_text="What mail logs say about it; none where they say nothing.")


class HardStopList(APIView):
    @extend_schema(
        tags=TAGS,
        summary="The hard stops of each target, and whether one is met",
        responses=HardStopSerializer(many=True),
        examples=[OpenApiExample("A stop that is met", [A_STOP], response_only=True)],
    )
    def get(self, request: Request, code: str) -> Response:
        stops = verdicts_of(find_estate(request, code))
        rows = [
            {"id": stop.id, "title": stop.title, "targets": verdicts, "logs": verdicts[0].logs}
            for stop, verdicts in stops
        ]
        return Response(HardStopSerializer(rows, many=True).data)
