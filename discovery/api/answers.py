"""The questionnaire over the API: read it, answer, submit, return, accept, import a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser

from accounts.reader import reader_of
from core.api import APIView
from core.asked import at_version, checked, version_seen
from core.errors import DomainError
from discovery.api.files import SentFile
from discovery.api.finding_shapes import VersionSerializer
from discovery.domain.import_answers import LARGEST_FILE, import_answers
from discovery.domain.judge_answers import LONGEST_NOTE as LONGEST_RETURN
from discovery.domain.judge_answers import accept_answers, return_answers
from discovery.domain.save_answers import Written, save_answers
from discovery.domain.submit_answers import submit_answers
from discovery.found import find_estate, find_reviewed, find_to_answer
from discovery.models import AnswerRevision
from discovery.questionnaire import AnswerRow, questionnaire_of
from discovery.questions.book import LONGEST_NOTE
from discovery.questions.exchange import possible_text
from discovery.questions.loading import load_book
from discovery.questions.values import AnswerError, Given, read_value

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response

    from engagements.models import Engagement

TAGS = ["discovery: questionnaire"]


class PlaceSerializer(serializers.Serializer[Any]):
    host = serializers.CharField()
    upload = serializers.IntegerField()
    file = serializers.CharField()
    line = serializers.IntegerField()


class FactSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.JSONField()
    detail = serializers.CharField()
    places = PlaceSerializer(many=True)


class AnswerSerializer(serializers.Serializer[Any]):
    """A question and its answer; `version` is 0 before anybody answered, `fact` is what was read or measured."""

    question = serializers.CharField(source="question.id")
    section = serializers.CharField(source="question.section")
    kind = serializers.CharField(source="question.kind")
    ask = serializers.CharField(source="question.ask")
    why = serializers.CharField(source="question.why")
    choices = serializers.DictField(source="question.choices", child=serializers.CharField())
    possible = serializers.SerializerMethodField()
    is_asked = serializers.BooleanField()
    value = serializers.JSONField(source="answer.value", default=None)
    is_unknown = serializers.BooleanField(source="answer.is_unknown", default=False)
    note = serializers.CharField(source="answer.note", default="")
    version = serializers.IntegerField(source="answer.version", default=0)
    answered_by = serializers.CharField(source="answer.answered_by.full_name", default=None, allow_null=True)
    answered_at = serializers.DateTimeField(source="answer.answered_at", default=None, allow_null=True)
    fact = FactSerializer(allow_null=True)
    told_before = serializers.JSONField(source="prefill.value", default=None, allow_null=True)
    is_disputed = serializers.BooleanField()
    return_note = serializers.SerializerMethodField()

    def get_possible(self, row: AnswerRow) -> str:
        return possible_text(row.question)

    def get_return_note(self, row: AnswerRow) -> str:
        return row.answer.return_note if row.answer and row.is_returned else ""


class QuestionnaireSerializer(serializers.Serializer[Any]):
    state = serializers.CharField()
    version = serializers.IntegerField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    answers = AnswerSerializer(many=True)


class WrittenSerializer(serializers.Serializer[Any]):
    """An answer. `version` is that of the answer you saw, 0 where there was none."""

    question = serializers.CharField(max_length=40)
    version = serializers.IntegerField(min_value=0, default=0)
    value = serializers.JSONField(default=None, allow_null=True)
    is_unknown = serializers.BooleanField(default=False)
    is_confirmed = serializers.BooleanField(
        default=False, help_text="`value` is what `fact` or `told_before` said; refused with 409 once that has changed."
    )
    note = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_NOTE)


class NewAnswersSerializer(serializers.Serializer[Any]):
    answers = WrittenSerializer(many=True, allow_empty=False)


class ReturnNoteSerializer(serializers.Serializer[Any]):
    question = serializers.CharField(max_length=40)
    note = serializers.CharField(max_length=LONGEST_RETURN)


class ReturnSerializer(VersionSerializer):
    notes = ReturnNoteSerializer(many=True, allow_empty=False)


class RevisionSerializer(serializers.ModelSerializer[AnswerRevision]):
    answered_by = serializers.CharField(source="answered_by.full_name", read_only=True)

    class Meta:
        model = AnswerRevision
        fields = ["version", "value", "is_unknown", "note", "answered_by", "answered_at"]
        read_only_fields = fields


class AnswerHistorySerializer(AnswerSerializer):
    revisions = RevisionSerializer(many=True)


class NewAnswerFile(serializers.Serializer[None]):
    answers = SentFile(help_text="The CSV or YAML file of the questionnaire, filled in.")


class AnswerList(APIView):
    @extend_schema(tags=TAGS, summary="The questionnaire with its answers", responses=QuestionnaireSerializer)
    def get(self, request: Request, code: str) -> Response:
        return _shown(request, find_estate(request, code))

    @extend_schema(
        tags=TAGS,
        summary="Answer questions",
        request=NewAnswersSerializer,
        responses={200: QuestionnaireSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """All of them or none. What somebody else changed since your version is refused with 409 and named."""
        engagement = find_to_answer(request, code)
        sent = checked(NewAnswersSerializer, request.data)["answers"]
        save_answers(engagement, actor=reader_of(request), written=_written(sent))
        return _shown(request, engagement)


class AnswerDetail(APIView):
    @extend_schema(tags=TAGS, summary="One question with every answer to it", responses=AnswerHistorySerializer)
    def get(self, request: Request, code: str, question: str) -> Response:
        engagement = find_estate(request, code)
        row = questionnaire_of(engagement, reader_of(request)).find(question)
        if row is None:
            raise NotFound
        visible = AnswerRevision.objects.visible_to(reader_of(request)).select_related("answered_by")
        revisions = visible.filter(answer=row.answer).order_by("-version")
        body = AnswerSerializer(row).data | {"revisions": RevisionSerializer(revisions, many=True).data}
        return at_version(body, body["version"])


@extend_schema(
    tags=TAGS, summary="Submit the questionnaire", request=VersionSerializer, responses=QuestionnaireSerializer
)
class AnswersSubmit(APIView):
    def post(self, request: Request, code: str) -> Response:
        engagement = find_to_answer(request, code)
        version = version_seen(request, checked(VersionSerializer, request.data))
        submit_answers(engagement, actor=reader_of(request), version=version)
        return _shown(request, engagement)


@extend_schema(
    tags=TAGS,
    summary="Return the questionnaire with notes",
    request=ReturnSerializer,
    responses=QuestionnaireSerializer,
)
class AnswersReturn(APIView):
    def post(self, request: Request, code: str) -> Response:
        engagement = find_reviewed(request, code)
        sent = checked(ReturnSerializer, request.data)
        notes = {row["question"]: row["note"] for row in sent["notes"]}
        return_answers(engagement, actor=reader_of(request), version=version_seen(request, sent), notes=notes)
        return _shown(request, engagement)


@extend_schema(tags=TAGS, summary="Accept the answers", request=VersionSerializer, responses=QuestionnaireSerializer)
class AnswersAccept(APIView):
    def post(self, request: Request, code: str) -> Response:
        engagement = find_reviewed(request, code)
        version = version_seen(request, checked(VersionSerializer, request.data))
        accept_answers(engagement, actor=reader_of(request), version=version)
        return _shown(request, engagement)


class AnswersImport(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        tags=TAGS,
        summary="Import a filled in questionnaire",
        request={"multipart/form-data": NewAnswerFile},
        responses={200: QuestionnaireSerializer},
    )
    def post(self, request: Request, code: str) -> Response:
        """Every row or none: each wrong one is named."""
        engagement = find_to_answer(request, code)
        sent = checked(NewAnswerFile, request.data)["answers"]
        import_answers(engagement, actor=reader_of(request), filename=sent.name, content=sent.read(LARGEST_FILE + 1))
        return _shown(request, engagement)


def _written(sent: list[dict[str, Any]]) -> dict[str, Written]:
    """The answers as the domain takes them. Raises DomainError with a sentence for each that is none."""
    written: dict[str, Written] = {}
    problems = []
    for row in sent:
        try:
            written[row["question"]] = Written(_given(row), row["version"], row["is_confirmed"])
        except AnswerError as error:
            problems.append(f"{row['question']}: {error}")
    if problems:
        raise DomainError(*problems)
    return written


def _given(row: dict[str, Any]) -> Given:
    question = load_book().find(row["question"])
    if question is None or row["is_unknown"]:  # the domain names a question that nobody knows
        return Given(is_unknown=row["is_unknown"], note=row["note"])
    value = row["value"]
    if value is not None and not isinstance(value, (int, str, list)):
        raise AnswerError("Send a whole number, a text or a list of choices.")
    return Given(read_value(question, value), note=row["note"])


def _shown(request: Request, engagement: Engagement) -> Response:
    shown = questionnaire_of(engagement, reader_of(request))
    body = {
        "state": shown.state,
        "version": shown.version,
        "asked": len(shown.asked),
        "answered": shown.answered_count,
        "answers": AnswerSerializer(shown.rows, many=True).data,
    }
    return at_version(body, shown.version)
