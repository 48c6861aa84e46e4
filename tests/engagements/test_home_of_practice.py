"""What waits for the team of an engagement and whose turn it is in its threads, with the one act each."""

import pytest
from django.urls import reverse

from engagements.decisions import decisions_for
from engagements.domain.ask_question import answer_question, ask_question, resolve_question
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.request_changes import request_changes
from tests.engagements.journey import begin, do_tasks, gate_of, put_up
from tests.factories.engagements import make_engagement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def titles(person):
    return [decision.title for decision in decisions_for(person)]


def threads(person):
    return [title for title in titles(person) if "question" in title and "questionnaire" not in title]


def test_the_home_of_a_consultant_lists_what_waits_and_costs_the_same_for_three_engagements(
    client, engagement, sam, ada, carl, django_assert_max_num_queries, django_assert_num_queries
):
    begin(engagement, accepted_by=carl)
    ask_question(engagement, actor=carl, text="Which pool sends receipts?")
    client.force_login(ada)
    client.get(reverse("home"))
    with django_assert_max_num_queries(40) as for_one:
        page = client.get(reverse("home"))
    for _ in range(2):
        other = make_engagement(engagement.organization, sales=sam, lead=engagement.lead, consultants=[ada])
        begin(other, accepted_by=carl)
        ask_question(other, actor=carl, text="And here?")

    with django_assert_num_queries(len(for_one)):
        of_three = client.get(reverse("home"))

    assert [len(waiting) for _, waiting in page.context["page"]] == [2]
    assert "1 question waits for an answer" in page.content.decode()
    assert "“Which pool sends receipts?”" in page.content.decode()
    assert page.content.decode().count("btn-primary") == 1
    assert [len(waiting) for _, waiting in of_three.context["page"]] == [2, 2, 2]


def test_a_home_in_which_much_waits_is_shown_a_page_at_a_time_and_counts_all(
    client, engagement, sam, ada, carl, monkeypatch
):
    monkeypatch.setattr("engagements.views.overview.HOME_PER_PAGE", 1)
    other = make_engagement(engagement.organization, sales=sam, lead=engagement.lead, consultants=[ada])
    for each in (engagement, other):
        begin(each, accepted_by=carl)
    client.force_login(ada)

    first, second = (client.get(reverse("home"), {"page": number}) for number in (1, 2))

    shown = [[one.code for one, _ in page.context["page"]] for page in (first, second)]
    assert shown == [[engagement.code], [other.code]]
    assert all("2 things wait for you" in page.content.decode() for page in (first, second))
    assert "?page=2" in first.content.decode()
    assert "?page=1" in second.content.decode()


def test_what_a_signer_sends_back_waits_for_the_team_and_for_nobody_else(engagement, ada, carl, sam):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    assert titles(ada) == []

    request_changes(document, actor=carl, reason="The ramp is too steep in week 3.")

    sent_back = decisions_for(ada)[0]
    assert (sent_back.title, sent_back.text) == (
        "Changes are asked for at phase 1",
        "Carl Brandt: “The ramp is too steep in week 3.”",
    )
    assert sent_back.url == reverse("engagements:gate", args=[engagement.code, 1])
    assert titles(sam) == []


def test_a_frozen_document_with_every_task_done_can_be_asked_about(engagement, ada, carl):
    begin(engagement, accepted_by=carl)
    do_tasks(engagement, 1, consultant=ada, customer=carl)
    before = titles(ada)
    gate = gate_of(engagement, 1)

    freeze_document(gate, prepare_document(gate), actor=ada)

    assert before == []
    assert titles(ada) == ["Ask for signatures on phase 1"]


def test_a_thread_waits_for_the_side_that_did_not_speak_last(engagement, ada, carl, vera):
    begin(engagement, accepted_by=carl)
    question = ask_question(engagement, actor=vera, text="Who calls at night?")
    asked = threads(ada), threads(vera), threads(carl)
    answer_question(question, actor=ada, text="The people on call.")
    answered = threads(ada), threads(vera), threads(carl)

    resolve_question(question, actor=vera)

    assert asked == (["1 question waits for an answer"], [], [])
    assert answered == ([], ["1 question of yours was answered"], [])
    assert threads(vera) == []


def test_what_the_practice_asks_waits_for_whoever_works_on_tasks_there(engagement, ada, carl, vera):
    begin(engagement, accepted_by=carl)

    for text in ("Who owns the filter?", "Who owns the script?"):
        ask_question(engagement, actor=ada, text=text)

    assert threads(carl) == ["2 questions wait for an answer"]
    assert threads(vera) == []
    assert threads(ada) == []
