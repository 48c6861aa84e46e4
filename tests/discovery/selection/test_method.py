"""The published method is whole, and one that is not is refused."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
import yaml

from discovery.selection.method import METHODS, MethodError, Target, all_methods, method_from, method_of, method_on


@pytest.fixture
def row():
    return deepcopy(yaml.safe_load(METHODS.read_text(encoding="utf-8"))[0])


def test_the_method_of_today_has_the_seven_variables_of_the_practice():
    method = method_on(date(2026, 11, 26))

    assert [variable.key for variable in method.variables] == [
        "licence_budget",
        "vendor_sla",
        "compliance",
        "managed",
        "open_source",
        "languages",
        "redesign",
    ]


def test_every_published_version_can_still_be_read():
    for method in all_methods():
        assert method_of(method.version) is method
        assert method.text
        assert method.because


def test_before_the_first_version_there_is_no_method():
    with pytest.raises(LookupError, match="2025-12-31"):
        method_on(date(2025, 12, 31))


def test_only_compliance_decides_alone_and_it_decides_for_a_commercial_mta():
    deciding = {
        (variable.key, choice.key): choice.decides
        for variable in method_on(date(2026, 11, 26)).variables
        for choice in variable.answers
        if choice.decides
    }

    assert deciding == {("compliance", "yes"): Target.POWERMTA}


def test_both_targets_can_win_by_points():
    method = method_on(date(2026, 11, 26))
    most = sum(max(choice.points for choice in variable.answers) for variable in method.variables)
    least = sum(min(choice.points for choice in variable.answers) for variable in method.variables)

    assert most >= method.margin
    assert least <= -method.margin


def test_an_answer_with_points_and_a_verdict_is_refused(row):
    row["variables"][0]["answers"][0]["decides"] = "powermta"

    with pytest.raises(MethodError, match="either points or decides"):
        method_from(row)


def test_an_answer_with_neither_is_refused(row):
    del row["variables"][0]["answers"][0]["points"]

    with pytest.raises(MethodError, match="either points or decides"):
        method_from(row)


def test_a_variable_that_stands_there_twice_is_refused(row):
    row["variables"].append(row["variables"][0])

    with pytest.raises(MethodError, match="licence_budget stands there twice"):
        method_from(row)


def test_a_question_without_a_choice_is_refused(row):
    row["variables"][1]["answers"] = row["variables"][1]["answers"][:1]

    with pytest.raises(MethodError, match="vendor_sla offers no choice"):
        method_from(row)


def test_a_margin_that_lets_an_even_sum_decide_is_refused(row):
    row["margin"] = 0

    with pytest.raises(MethodError, match="margin"):
        method_from(row)
