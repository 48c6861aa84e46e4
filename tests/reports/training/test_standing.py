"""What gate 5 asks of the training, and the hours of the quote."""

from dataclasses import replace

import pytest

from engagements.domain.assign_team import assign_team
from engagements.gates import checks_of
from pricing.balance import training_minutes_of
from pricing.calculation.books import book_on
from reports.domain.note_attendance import note_attendance, note_exercise
from reports.domain.plan_training import cancel_training, note_training_held
from reports.training_state import balance_of, sessions_of, trainees_of
from tests.factories.pricing import make_accepted_quote
from tests.factories.training import plan_session, train

pytestmark = pytest.mark.django_db


def gate_5(engagement):
    [known] = [each for each in checks_of(5) if each.key == "training_held"]
    return list(known.reasons(engagement))


def balance(engagement):
    return balance_of(engagement, list(sessions_of(engagement)))


def test_gate_5_names_who_is_still_to_be_trained(engagement, begun, ada, carl):
    before = gate_5(engagement)
    note_attendance(begun, person=carl, actor=carl)
    not_held = gate_5(engagement)
    note_training_held(begun, minutes=90, actor=ada)
    came = gate_5(engagement)
    note_exercise(begun, person=carl, task="Drain a queue", result="again", actor=ada)
    again = gate_5(engagement)
    note_exercise(begun, person=carl, task="Drain a queue", result="passed", actor=ada)

    never = "Carl Brandt has not come to a training session that was held."
    assert before == not_held == [never, "Carl Brandt has not passed an exercise yet."]
    assert came == ["Carl Brandt has not passed an exercise yet."]
    assert again == ["Carl Brandt has to do an exercise again."]
    assert gate_5(engagement) == []


def test_gate_5_does_not_hold_where_nobody_has_a_duty_for_it(engagement, ada, vera):
    train(engagement, vera, trainer=ada)

    assert gate_5(engagement) == [
        "Nobody of Northlake Logistics has the duty to sign phase 5 yet: name who is trained."
    ]


def test_whoever_came_without_a_duty_is_listed_and_not_asked_for(engagement, ada, carl, vera):
    train(engagement, vera, trainer=ada, result="again")

    listed = trainees_of(engagement, list(sessions_of(engagement)))

    assert [(one.person, one.has_duty, one.has_passed) for one in listed] == [(carl, True, False), (vera, False, False)]
    assert listed[1].reasons == []


def test_a_lead_can_let_the_check_pass_and_no_task_by_hand_asks_the_same(engagement):
    [known] = [each for each in checks_of(5) if each.key == "training_held"]

    assert known.can_override
    assert not engagement.gates.get(number=5).tasks.exists()


def test_without_hours_in_the_quote_nothing_is_counted_as_left(engagement, begun, to_come, ada):
    note_training_held(begun, minutes=80, actor=ada)

    found = balance(engagement)

    assert (found.included, found.planned, found.held, found.left) == (None, 90, 80, None)
    assert ("In the quote", "No hours named") in found.rows


def test_the_hours_of_the_quote_come_from_its_tier(northlake, sam, carl, lea, ada, monkeypatch):
    engagement = make_accepted_quote(northlake, actor=sam, signatory=carl).engagement
    assign_team(engagement, lead=lea, consultants=[ada], actor=lea)
    none_named = training_minutes_of(engagement)
    monkeypatch.setattr("pricing.balance.book_on", lambda day: with_training(book_on(day), 3))
    note_training_held(plan_session(engagement, actor=ada), minutes=80, actor=ada)
    plan_session(engagement, actor=ada, hours=5)
    cancel_training(plan_session(engagement, actor=ada, hours=6), reason="Too much.", actor=ada)

    found = balance(engagement)
    plan_session(engagement, actor=ada, hours=9)
    over = balance(engagement)

    assert none_named is None
    assert (found.included, found.planned, found.held, found.left) == (180, 90, 80, 10)
    assert found.rows[-1] == ("Left", "10 min")
    assert over.rows[-1] == ("Left", "None: 1 h 20 min more than the quote includes")


def with_training(book, hours):
    """The book with hours of training in every tier."""
    tiers = [replace(tier, limits={**tier.limits, "training_hours": hours}) for tier in book.tiers]
    return replace(book, tiers=type(book.tiers)(tiers))
