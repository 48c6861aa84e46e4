"""What parallel delivery puts on people's home pages."""

import pytest

from delivery.domain.change_share import approve_step
from delivery.domain.roll_back import end_rollback
from delivery.models import Rollback, TriggerDecision
from engagements.decisions import decisions_for
from tests.factories.traffic import open_traffic, start_rollback, with_phase

pytestmark = pytest.mark.django_db


def titles(person):
    return [decision.title for decision in decisions_for(person)]


def test_each_side_sees_what_waits_for_it_and_the_running_rollback_first(parallel, ada, carl, vera, ugo):
    open_traffic(parallel, actor=ada)

    assert titles(ada) == [
        "Drill 1 is under way",
        "Go back to Postfix or stay: Bounce processing is failing",
        "Cutover 1: 4 steps of yours on the run-sheet",
        "Confirm the share of All mail: 5 % to 0 %",
    ]
    assert titles(carl) == [
        "Drill 1 is under way",
        "Go back to Postfix or stay: Bounce processing is failing",
        "Cutover 1: 5 steps of yours on the run-sheet",
        "Say whether All mail may go to 10 %",
    ]
    assert (titles(vera), titles(ugo)) == ([], [])


def test_what_is_urgent_waits_while_the_engagement_is_held_too_and_its_other_work_does_not(parallel, ada, carl, vera):
    open_traffic(parallel, actor=ada)
    with_phase(parallel, "on_hold")
    urgent = ["Drill 1 is under way", "Go back to Postfix or stay: Bounce processing is failing"]

    during = [titles(person) for person in (ada, carl, vera)]
    end_rollback(start_rollback(parallel, is_drill=False, actor=ada), said="Done.", actor=None)

    assert during == [urgent, urgent, []]
    assert sorted(titles(ada)) == [urgent[1], "Say what led to Rollback 2"]
    assert titles(carl) == urgent[1:]


def test_a_step_that_was_approved_and_a_rollback_that_ended_wait_for_nobody(parallel, ramp, ada, carl):
    before = titles(carl)

    approve_step(ramp, share=10, note="", actor=carl)

    assert before == ["Say whether All mail may go to 10 %"]
    assert titles(carl) == []
    assert not Rollback.objects.exists()
    assert not TriggerDecision.objects.exists()
