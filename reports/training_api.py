"""Training over the API: the sessions with the hours, plan, hold or cancel one, note who came and their exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.permissions import Permission, is_staff, require
from accounts.reader import reader_of
from core.api import APIView
from core.asked import checked
from core.errors import DomainError
from delivery.domain.person_words import MOST_LETTERS
from discovery.found import find_estate
from reports.domain.note_attendance import note_attendance, note_exercise
from reports.domain.plan_training import (
    MOST_MINUTES,
    MOST_TITLE,
    TrainingPlan,
    cancel_training,
    note_training_held,
    plan_training,
)
from reports.models import TrainingAttendance, TrainingEnding, TrainingExercise, TrainingMaterial, TrainingSession
from reports.training_found import find_session, find_worked_session, person_at, trainer_at
from reports.training_state import balance_of, sessions_of, trainees_of

if TYPE_CHECKING:
    from rest_framework.request import Request

TAGS = ["reports: training"]


class TrainingMaterialSerializer(serializers.ModelSerializer[TrainingMaterial]):
    key = serializers.CharField(source="revision.key", read_only=True)
    revision = serializers.IntegerField(source="revision.number", read_only=True)

    class Meta:
        model = TrainingMaterial
        fields = ["key", "revision"]
        read_only_fields = fields


class TrainingEndingSerializer(serializers.ModelSerializer[TrainingEnding]):
    is_held = serializers.BooleanField(read_only=True, help_text="Held, or else cancelled.")
    noted_by = serializers.CharField(source="noted_by.full_name", read_only=True)

    class Meta:
        model = TrainingEnding
        fields = ["is_held", "minutes", "reason", "noted_at", "noted_by"]
        read_only_fields = fields


class TrainingAttendanceSerializer(serializers.ModelSerializer[TrainingAttendance]):
    person = serializers.CharField(source="person.full_name", read_only=True)
    noted_by = serializers.CharField(source="noted_by.full_name", read_only=True)
    is_own_word = serializers.BooleanField(read_only=True, help_text="Said by the person, or else by the trainer.")

    class Meta:
        model = TrainingAttendance
        fields = ["person", "noted_at", "noted_by", "is_own_word"]
        read_only_fields = fields


class TrainingExerciseSerializer(serializers.ModelSerializer[TrainingExercise]):
    person = serializers.CharField(source="person.full_name", read_only=True)
    noted_by = serializers.CharField(source="noted_by.full_name", read_only=True)

    class Meta:
        model = TrainingExercise
        fields = ["person", "task", "result", "noted_at", "noted_by"]
        read_only_fields = fields


class TrainingSessionSerializer(serializers.ModelSerializer[TrainingSession]):
    trainer = serializers.CharField(source="trainer.full_name", read_only=True)
    runbooks = TrainingMaterialSerializer(source="materials", many=True, read_only=True)
    ending = TrainingEndingSerializer(allow_null=True, read_only=True)
    attendances = TrainingAttendanceSerializer(many=True, read_only=True)
    exercises = TrainingExerciseSerializer(many=True, read_only=True)

    class Meta:
        model = TrainingSession
        fields = [
            *("number", "title", "starts_at", "minutes", "trainer", "runbooks", "material"),
            *("ending", "attendances", "exercises"),
        ]
        read_only_fields = fields


class TrainingBalanceSerializer(serializers.Serializer[Any]):
    """Minutes. `included` and `left` are null where the quote names no hours of training."""

    included = serializers.IntegerField(allow_null=True)
    planned = serializers.IntegerField()
    held = serializers.IntegerField()
    left = serializers.IntegerField(allow_null=True)


class TraineeSerializer(serializers.Serializer[Any]):
    person = serializers.CharField(source="person.full_name")
    has_duty = serializers.BooleanField(help_text="Whether gate 5 asks for this person.")
    has_passed = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField(), help_text="What gate 5 still asks of them.")


class TrainingSerializer(serializers.Serializer[Any]):
    balance = TrainingBalanceSerializer()
    people = TraineeSerializer(many=True)
    sessions = TrainingSessionSerializer(many=True)


class NewTrainingSession(serializers.Serializer[None]):
    subject = serializers.CharField(required=False, max_length=40, help_text="A key of the book of subjects.")
    title = serializers.CharField(required=False, max_length=MOST_TITLE, help_text="In place of a subject.")
    day = serializers.DateField()
    at = serializers.TimeField(help_text="On the clock of the customer.")
    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES)
    trainer = serializers.EmailField(help_text="Somebody of the practice who is on the engagement.")
    runbooks = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=100)
    material = serializers.CharField(required=False, allow_blank=True, max_length=MOST_LETTERS)


class NewTrainingHeld(serializers.Serializer[None]):
    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES)


class NewTrainingCancel(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=MOST_LETTERS)


class NewTrainingAttendance(serializers.Serializer[None]):
    person = serializers.EmailField(required=False, help_text="From the trainer; somebody who came names nobody.")


class NewTrainingExercise(serializers.Serializer[None]):
    person = serializers.EmailField()
    task = serializers.CharField(max_length=MOST_LETTERS)
    result = serializers.ChoiceField(TrainingExercise.Result.choices)


class TrainingSessions(APIView):
    @extend_schema(
        tags=TAGS,
        operation_id="engagements_training_standing",
        summary="Every session, the hours, and who is trained",
        responses=TrainingSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        engagement = find_estate(request, code)
        sessions = list(sessions_of(engagement).visible_to(reader_of(request)))
        balance, people = balance_of(engagement, sessions), trainees_of(engagement, sessions)
        return Response(TrainingSerializer({"balance": balance, "people": people, "sessions": sessions}).data)

    @extend_schema(
        tags=TAGS, summary="Plan a session", request=NewTrainingSession, responses={201: TrainingSessionSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        engagement = find_estate(request, code)
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
        sent = checked(NewTrainingSession, request.data)
        plan = TrainingPlan(**(sent | {"trainer": trainer_at(engagement, sent["trainer"])}))
        planned = plan_training(engagement, plan=plan, actor=reader_of(request))
        return _session(request, code, planned.number, status=201)


class TrainingSessionDetail(APIView):
    @extend_schema(tags=TAGS, summary="One session", responses=TrainingSessionSerializer)
    def get(self, request: Request, code: str, number: int) -> Response:
        return _session(request, code, number)


class TrainingHeld(APIView):
    @extend_schema(
        tags=TAGS, summary="Note that it was held", request=NewTrainingHeld, responses={201: TrainingSessionSerializer}
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """Once, and once it has begun."""
        session = find_worked_session(request, code, number)
        note_training_held(session, actor=reader_of(request), **checked(NewTrainingHeld, request.data))
        return _session(request, code, number, status=201)


class TrainingCancel(APIView):
    @extend_schema(
        tags=TAGS, summary="Cancel a session", request=NewTrainingCancel, responses={201: TrainingSessionSerializer}
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """409 for one that people came to."""
        session = find_worked_session(request, code, number)
        cancel_training(session, actor=reader_of(request), **checked(NewTrainingCancel, request.data))
        return _session(request, code, number, status=201)


class TrainingAttendances(APIView):
    @extend_schema(
        tags=TAGS,
        summary="Note who came",
        request=NewTrainingAttendance,
        responses={201: TrainingAttendanceSerializer},
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """Each person for themself, or the trainer for them; once a person."""
        session, reader = find_session(request, code, number), reader_of(request)
        address = checked(NewTrainingAttendance, request.data).get("person")
        if not address and is_staff(reader):
            raise DomainError("Name who came by their e-mail address, as “person”.")
        person = person_at(session.engagement, address) if address else reader
        attendance = note_attendance(session, person=person, actor=reader)
        return Response(TrainingAttendanceSerializer(attendance).data, status=201)


class TrainingExercises(APIView):
    @extend_schema(
        tags=TAGS, summary="Note an exercise", request=NewTrainingExercise, responses={201: TrainingExerciseSerializer}
    )
    def post(self, request: Request, code: str, number: int) -> Response:
        """Of somebody who came. Each try is a row."""
        session = find_worked_session(request, code, number)
        sent = checked(NewTrainingExercise, request.data)
        person = person_at(session.engagement, sent.pop("person"))
        exercise = note_exercise(session, person=person, actor=reader_of(request), **sent)
        return Response(TrainingExerciseSerializer(exercise).data, status=201)


def _session(request: Request, code: str, number: int, *, status: int = 200) -> Response:
    return Response(TrainingSessionSerializer(find_session(request, code, number)).data, status=status)
