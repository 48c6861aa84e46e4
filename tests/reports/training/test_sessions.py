"""Training sessions: planned on the customer's clock, held or cancelled, with who came and what they did."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.permissions import Refused
from core.errors import Conflict, DomainError
from core.models import AuditEvent
from reports.domain.note_attendance import note_attendance, note_exercise
from reports.domain.plan_training import cancel_training, note_training_held, plan_training
from reports.models import (
    TrainingAttendance,
    TrainingEnding,
    TrainingExercise,
    TrainingMaterial,
    TrainingSession,
)
from reports.runbooks.book import runbooks
from reports.training_book import subjects
from tests.factories.runbooks import choose, draw_up, note_everything
from tests.factories.training import plan_for, plan_session, train

pytestmark = pytest.mark.django_db


def test_a_session_is_planned_on_the_clock_of_the_customer(engagement, northlake, ada):
    northlake.time_zone = "Europe/Berlin"
    northlake.save()
    day = timezone.now().date() + timedelta(days=30)
    plan = replace(plan_for(engagement, trainer=ada), day=day, at=time(14, 30))

    session = plan_training(engagement, plan=plan, actor=ada)

    local = session.starts_at.astimezone(UTC)
    assert (day, local.hour in (12, 13), local.minute) == (local.date(), True, 30)
    assert (session.number, session.title, session.minutes) == (1, subjects()["incidents"].title, 90)
    event = AuditEvent.objects.get(action="training.planned")
    assert "14:30 GMT+" in event.data["when"]


def test_a_time_that_the_clocks_skip_is_refused(engagement, northlake, ada, monkeypatch):
    northlake.time_zone = "Europe/Berlin"
    northlake.save()
    plan = replace(plan_for(engagement, trainer=ada), day=date(2026, 3, 29), at=time(2, 30))
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 3, 1, tzinfo=UTC))

    with pytest.raises(DomainError, match="skip 02:30"):
        plan_training(engagement, plan=plan, actor=ada)

    assert not TrainingSession.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subject": ""}, "Choose a subject, or write a title"),
        ({"subject": "cooking"}, "from the list"),
        ({"title": "x" * 121}, "at most 120 letters"),
        ({"minutes": 0}, "between 1 and 1,440"),
        ({"minutes": 1441}, "between 1 and 1,440"),
        ({"day": date(9999, 12, 31)}, "within a year"),
        ({"runbooks": ["incident"]}, "No revision is drawn up of: incident"),
    ],
)
def test_an_odd_plan_is_refused(engagement, ada, change, words):
    with pytest.raises(DomainError, match=words):
        plan_training(engagement, plan=replace(plan_for(engagement, trainer=ada), **change), actor=ada)

    assert not TrainingSession.objects.exists()


def test_only_somebody_on_the_engagement_trains(engagement, ada, ugo):
    with pytest.raises(DomainError, match="Ugo Bianchi is not on this engagement"):
        plan_training(engagement, plan=plan_for(engagement, trainer=ugo), actor=ada)

    assert not TrainingSession.objects.exists()


def test_a_session_goes_through_the_newest_revisions_of_its_subject_or_those_that_are_chosen(engagement, ada):
    choose(engagement, "kumomta", actor=ada)
    note_everything(engagement, actor=ada)
    draw_up(engagement, actor=ada)

    by_subject = plan_session(engagement, actor=ada)
    chosen = plan_session(engagement, actor=ada, title="Queues", runbooks=["queue_drain", "queue_drain"])

    keys = [one.revision.key for one in by_subject.materials.select_related("revision")]
    assert keys == list(subjects()["incidents"].runbooks)
    assert [one.revision.key for one in chosen.materials.all()] == ["queue_drain"]
    assert chosen.title == "Queues"


def test_subjects_name_runbooks_that_exist():
    named = {key for subject in subjects().values() for key in subject.runbooks}

    assert named == set(runbooks())
    assert all(subject.exercise for subject in subjects().values())


def test_the_people_of_the_customer_plan_nothing(engagement, ada, carl):
    with pytest.raises(Refused, match="you may not work on the consultancy's tasks"):
        plan_training(engagement, plan=plan_for(engagement, trainer=ada), actor=carl)

    assert not TrainingSession.objects.exists()


def test_a_person_says_that_they_came_and_the_trainer_says_it_of_others(begun, ada, carl, vera):
    own = note_attendance(begun, person=carl, actor=carl)
    of_another = note_attendance(begun, person=vera, actor=ada)

    assert (own.is_own_word, of_another.is_own_word) == (True, False)
    assert AuditEvent.objects.filter(action="training.confirmed").count() == 1
    assert AuditEvent.objects.get(action="training.attended").data["person"] == "Vera Holm"


def test_nobody_else_says_who_came(begun, lea, carl, vera):
    for actor in (lea, carl):
        with pytest.raises(Refused, match="Ada Quint, the trainer, does"):
            note_attendance(begun, person=vera, actor=actor)

    assert not TrainingAttendance.objects.exists()


def test_only_people_of_the_customer_are_trained(begun, ada, lea, otto):
    for person in (lea, otto, ada):
        with pytest.raises(DomainError, match="Choose somebody of Northlake Logistics"):
            note_attendance(begun, person=person, actor=ada)

    assert not TrainingAttendance.objects.exists()


def test_who_came_is_noted_once(begun, ada, carl):
    note_attendance(begun, person=carl, actor=carl)

    with pytest.raises(Conflict, match="Carl Brandt noted already that Carl Brandt came"):
        note_attendance(begun, person=carl, actor=ada)

    assert TrainingAttendance.objects.get().noted_by == carl


def test_before_it_begins_nothing_is_noted_of_it(to_come, ada, carl):
    with pytest.raises(DomainError, match="Note it once it has begun"):
        note_attendance(to_come, person=carl, actor=carl)
    with pytest.raises(DomainError, match="Note it once it has begun"):
        note_training_held(to_come, minutes=90, actor=ada)

    assert not TrainingAttendance.objects.exists()
    assert not TrainingEnding.objects.exists()


def test_a_cancelled_session_keeps_its_reason_and_takes_nothing_more(begun, ada, carl):
    cancel_training(begun, reason="Their mail room was closed.", actor=ada)

    with pytest.raises(Conflict, match="was cancelled"):
        note_attendance(begun, person=carl, actor=carl)
    with pytest.raises(Conflict, match="was cancelled"):
        note_training_held(begun, minutes=5, actor=ada)
    with pytest.raises(Conflict, match="was cancelled"):
        cancel_training(begun, reason="Again", actor=ada)
    assert TrainingEnding.objects.get().reason == "Their mail room was closed."
    assert AuditEvent.objects.get(action="training.cancelled").data["reason"] == "Their mail room was closed."


def test_a_session_that_people_came_to_is_not_cancelled(begun, ada, carl):
    note_attendance(begun, person=carl, actor=carl)

    with pytest.raises(Conflict, match="People came to this session"):
        cancel_training(begun, reason="A slip", actor=ada)

    assert not TrainingEnding.objects.exists()


def test_a_session_is_held_once(begun, ada, lea):
    note_training_held(begun, minutes=80, actor=ada)

    with pytest.raises(Conflict, match="Ada Quint noted already"):
        note_training_held(begun, minutes=10, actor=lea)

    assert TrainingEnding.objects.get().minutes == 80


def test_an_exercise_is_of_somebody_who_came(begun, ada, carl, vera):
    note_attendance(begun, person=carl, actor=carl)

    with pytest.raises(DomainError, match="Nobody has noted that Vera Holm came"):
        note_exercise(begun, person=vera, task="Drain a queue", result="passed", actor=ada)
    with pytest.raises(DomainError, match="passed, or has to be done again"):
        note_exercise(begun, person=carl, task="Drain a queue", result="perhaps", actor=ada)
    with pytest.raises(Refused):
        note_exercise(begun, person=carl, task="Drain a queue", result="passed", actor=carl)

    assert not TrainingExercise.objects.exists()


def test_the_database_changes_and_deletes_none_of_it(engagement, ada, carl):
    train(engagement, carl, trainer=ada)

    for model, change in (
        (TrainingSession, {"minutes": 1}),
        (TrainingEnding, {"minutes": 1}),
        (TrainingAttendance, {"person": ada}),
        (TrainingExercise, {"result": "again"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()

    assert TrainingExercise.objects.get().result == "passed"
    assert not TrainingMaterial.objects.exists()
