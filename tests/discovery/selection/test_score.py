"""The sum can be added by hand, names no winner too early, and says what would flip it."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.selection.method import method_on
from discovery.selection.score import Outcome, score
from discovery.selection.sensitivity import Certainty, Confidence, confidence, what_flips

METHOD = method_on(date(2026, 11, 26))
NORTHLAKE = {
    "licence_budget": "yes",
    "vendor_sla": "required",
    "compliance": "no",
    "managed": "directives",
    "open_source": "preferred",
    "languages": "one",
    "redesign": "keep",
}
GREENFIELD = NORTHLAKE | {
    "licence_budget": "no",
    "vendor_sla": "no",
    "managed": "either",
    "open_source": "required",
    "redesign": "greenfield",
}
CHOICES = [[(variable.key, choice.key) for choice in variable.answers] for variable in METHOD.variables]
whole = st.sampled_from([dict(answers) for answers in product(*CHOICES)])  # all of them


def test_the_points_of_each_answer_are_printed_and_add_up():
    found = score(METHOD, NORTHLAKE)

    assert [step.text for step in found.steps] == ["+18", "+14", "0", "+10", "-12", "-8", "+4"]
    assert found.total == 26
    assert (found.towards_powermta, found.towards_kumomta) == (46, 20)
    assert found.outcome is Outcome.POWERMTA
    assert found.runner_up is Outcome.KUMOMTA


def test_a_constrained_budget_open_source_and_a_new_design_lead_to_kumomta():
    found = score(METHOD, GREENFIELD)

    assert found.total == -58
    assert found.outcome is Outcome.KUMOMTA
    assert found.runner_up is Outcome.POWERMTA


def test_a_named_commercial_mta_decides_alone_whatever_the_points_say():
    found = score(METHOD, GREENFIELD | {"compliance": "yes"})

    assert found.total == -58
    assert found.outcome is Outcome.POWERMTA
    assert found.decided_by.variable.key == "compliance"


def test_staying_comes_before_points_and_before_hard_rules():
    found = score(METHOD, NORTHLAKE | {"compliance": "yes"}, is_stay=True)

    assert found.outcome is Outcome.STAY
    assert found.runner_up is None


def test_a_sum_inside_the_margin_names_nobody():
    close = NORTHLAKE | {"licence_budget": "partly"}

    found = score(METHOD, close)

    assert found.total == 2
    assert found.outcome is Outcome.CLOSE
    assert found.runner_up is None


def test_an_answer_that_is_not_offered_is_refused():
    with pytest.raises(KeyError, match="perhaps"):
        score(METHOD, {"vendor_sla": "perhaps"})


def test_a_variable_that_the_method_does_not_have_is_refused():
    with pytest.raises(KeyError, match="share_of_the_practice"):
        score(METHOD, {"share_of_the_practice": "55"})


@given(whole, st.sampled_from([variable.key for variable in METHOD.variables]))
def test_with_one_answer_missing_there_is_no_partial_winner(answers, left_out):
    partial = {key: answer for key, answer in answers.items() if key != left_out}

    found = score(METHOD, partial)

    assert found.outcome is Outcome.INCOMPLETE
    assert [variable.key for variable in found.missing] == [left_out]
    assert what_flips(found).singles == what_flips(found).pairs == ()


@given(whole)
def test_the_steps_form_an_unbroken_sum(answers):
    found = score(METHOD, answers)

    assert found.steps[0].before == 0
    assert all(one.after == other.before for one, other in zip(found.steps, found.steps[1:], strict=False))
    assert found.total == sum(METHOD.variable(key).choice(answer).points for key, answer in answers.items())
    assert found.total == found.towards_powermta - found.towards_kumomta


@given(whole)
def test_every_single_flip_leads_where_it_says_and_none_is_left_out(answers):
    found = score(METHOD, answers)

    said = {
        (flip.changes[0].variable.key, flip.changes[0].instead.key): flip.outcome for flip in what_flips(found).singles
    }

    for variable in METHOD.variables:
        for choice in variable.answers:
            outcome = score(METHOD, answers | {variable.key: choice.key}).outcome
            assert said.get((variable.key, choice.key), found.outcome) is outcome


@given(whole)
def test_a_pair_flips_only_together(answers):
    found = score(METHOD, answers)

    for flip in what_flips(found).pairs:
        together = {change.variable.key: change.instead.key for change in flip.changes}
        assert score(METHOD, answers | together).outcome is flip.outcome is not found.outcome
        for key, answer in together.items():
            assert score(METHOD, answers | {key: answer}).outcome is found.outcome


def test_without_a_licence_budget_northlake_would_be_led_to_kumomta_by_ten():
    flips = {
        (flip.changes[0].variable.key, flip.changes[0].instead.key): (flip.outcome, flip.total)
        for flip in what_flips(score(METHOD, NORTHLAKE)).singles
    }

    assert flips["licence_budget", "no"] == (Outcome.KUMOMTA, -10)
    assert flips["licence_budget", "partly"] == (Outcome.CLOSE, 2)
    assert ("redesign", "greenfield") not in flips


def test_a_result_that_one_guess_could_flip_is_of_low_confidence():
    stated = dict.fromkeys(NORTHLAKE, Certainty.STATED)
    found = score(METHOD, NORTHLAKE)

    assert confidence(found, stated) is Confidence.MEDIUM
    assert confidence(found, stated | {"licence_budget": Certainty.GUESSED}) is Confidence.LOW


def test_a_guess_that_changes_nothing_leaves_it_at_medium():
    documented = dict.fromkeys(NORTHLAKE, Certainty.DOCUMENTED)
    found = score(METHOD, NORTHLAKE)

    assert confidence(found, documented) is Confidence.HIGH
    assert confidence(found, documented | {"languages": Certainty.GUESSED}) is Confidence.MEDIUM


def test_an_incomplete_score_is_of_low_confidence():
    assert confidence(score(METHOD, {}), {}) is Confidence.LOW
