"""Questions are numbered within their engagement: nobody reads from a number how many others asked."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.domain.create_customer import create_customer
from core.audit import describe
from core.models import AuditEvent
from engagements import gates
from engagements.domain.ask_question import answer_question, ask_question, resolve_question
from engagements.domain.open_engagement import open_engagement
from engagements.models import Gate, Question

pytestmark = pytest.mark.django_db


def ask(engagement, person, text, **facts):
    return ask_question(engagement, actor=person, text=text, **facts)


@pytest.fixture
def others(lea):
    other = create_customer(name="Otherwise", time_zone="Europe/Oslo", actor=lea)
    return open_engagement(other, actor=lea, title="Elsewhere")


@pytest.fixture
def asked(engagement, others, lea, carl):
    """Two of others, then one of Carl's: the row's own number is at least 3."""
    ask(others, lea, "How many hosts?")
    ask(others, lea, "How many streams?")
    return ask(engagement, carl, "Who runs the drill?", is_blocking=True)


def test_the_first_question_of_a_customer_is_number_1_whatever_others_asked(client, engagement, asked, carl):
    client.force_login(carl)
    url = reverse("engagements:question", args=[engagement.code, 1])

    page = client.get(url).content.decode()
    listed = client.get(reverse("engagements:questions", args=[engagement.code])).content.decode()
    sought = client.get(reverse("search:search"), {"q": "drill"}).content.decode()
    nowhere = client.get(reverse("engagements:question", args=[engagement.code, asked.pk]))

    assert (asked.number, str(asked)) == (1, "Question 1")
    assert asked.pk > 2
    assert "Question 1" in page
    assert url in listed
    assert url in sought
    assert nowhere.status_code == 404


def test_the_check_and_the_history_name_it_by_that_number(engagement, asked, carl):
    answer_question(asked, actor=carl, text="We do.")
    blocking = Gate.objects.select_related("engagement__organization").get(engagement=engagement, number=1)
    reasons = [found.reasons for found in gates.results(blocking) if found.check.key == "blocking_questions"]
    resolve_question(asked, actor=carl)

    events = AuditEvent.objects.filter(action__in=["question.answered", "question.resolved"]).order_by("pk")
    assert "Question 1 blocks the signature: Who runs the drill?" in f"{reasons}"
    told = [describe(event).partition("> ")[2] for event in events]
    assert told == ["answered question 1", "closed question 1"]


def test_numbers_go_on_within_an_engagement_and_are_given_once(engagement, asked, carl, others):
    second = ask(engagement, carl, "And the rollback?")

    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=second.pk).update(number=1)

    assert second.number == 2
    assert sorted(others.questions.values_list("number", flat=True)) == [1, 2]


def test_those_that_stood_before_keep_the_number_that_mails_and_programs_name_and_new_ones_follow(
    engagement, asked, carl, others
):
    with connection.cursor() as cursor:
        cursor.execute(import_module("engagements.migrations.0004_numbers_of_questions").NUMBER_THEM)

    new = ask(engagement, carl, "And the rollback?")

    stood = Question.objects.exclude(pk=new.pk)
    assert [one.number for one in stood] == [one.pk for one in stood]
    assert new.number == asked.pk + 1
