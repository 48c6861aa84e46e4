"""Accepted answers stay as they are, whatever statement is sent to the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import Conflict
from core.models import OutboxMessage
from discovery.models import Answer, AnswerRevision, AnswerSheet
from tests.discovery.test_answers import accept, answer, sheet_of
from tests.factories.answers import submitted, write
from tests.factories.engagements import make_engagement

pytestmark = pytest.mark.django_db


def test_accepted_answers_are_locked_in_the_database_too(engagement, carl, ada):
    submitted(engagement, actor=carl, send_hosts=2)

    accept(engagement, actor=ada)

    with pytest.raises(Conflict, match="its answers are locked"):
        write(engagement, actor=carl, send_hosts=3)
    for change in (
        lambda: Answer.objects.filter(question="send_hosts").update(value=3),
        lambda: AnswerSheet.objects.update(state="returned", accepted_by=None, accepted_at=None),
        lambda: Answer.objects.create(
            sheet=sheet_of(engagement),
            question="x",
            question_version=1,
            answered_by=carl,
            answered_at=sheet_of(engagement).begun_at,
        ),
        lambda: AnswerRevision.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            change()
    assert answer("send_hosts").value == 2
    assert carl.email in OutboxMessage.objects.filter(kind="answers_accepted").values_list("address", flat=True)


RAW = {
    "moved away": "UPDATE discovery_answer SET sheet_id = {open} WHERE sheet_id = {accepted}",
    "moved in": "UPDATE discovery_answer SET sheet_id = {accepted}, question = 'x' WHERE sheet_id = {open}",
    "changed": "UPDATE discovery_answer SET value = '3' WHERE sheet_id = {accepted}",
    "deleted": "DELETE FROM discovery_answer WHERE sheet_id = {accepted}",
    "emptied": "TRUNCATE discovery_answer CASCADE",
    "emptied with its sheets": "TRUNCATE discovery_answersheet CASCADE",
    "without its sheet": "DELETE FROM discovery_answersheet WHERE id = {accepted}",
}


@pytest.mark.parametrize("statement", RAW.values(), ids=RAW)
def test_no_statement_takes_an_answer_from_an_accepted_questionnaire_or_adds_one(
    engagement, northlake, sam, lea, carl, ada, statement
):
    submitted(engagement, actor=carl, send_hosts=2)
    accept(engagement, actor=ada)
    other = make_engagement(northlake, sales=sam, lead=lea, title="Another")
    write(other, actor=carl, send_hosts=5)
    connection.check_constraints()  # what waits to be checked at the commit would refuse a TRUNCATE by itself
    before = list(Answer.objects.values_list("pk", "sheet", "question", "value"))
    sheets = {"open": sheet_of(other).pk, "accepted": sheet_of(engagement).pk}

    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(**sheets))

    assert list(Answer.objects.values_list("pk", "sheet", "question", "value")) == before


def test_a_questionnaire_that_is_open_is_not_locked_because_another_was_accepted(
    engagement, northlake, sam, lea, carl, ada
):
    submitted(engagement, actor=carl, send_hosts=2)
    accept(engagement, actor=ada)
    other = make_engagement(northlake, sales=sam, lead=lea, title="Another")
    write(other, actor=carl, send_hosts=5)

    Answer.objects.filter(sheet=sheet_of(other)).update(value=6)

    assert Answer.objects.get(sheet=sheet_of(other)).value == 6
