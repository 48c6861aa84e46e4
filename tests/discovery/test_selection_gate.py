"""Gate 1 asks whether the selection is answered whole and whether the target is its result; to stay comes first."""

import ast
from pathlib import Path

import pytest

import discovery.selection
from discovery.domain.answer_selection import dispute_selection
from discovery.models import SelectionAnswer
from engagements import gates
from engagements.beside import said_beside
from engagements.domain.choose_target import choose_target
from engagements.models import Gate
from pricing.models import Request
from tests.discovery.test_selection import answer_all

pytestmark = pytest.mark.django_db

STAYS = {"month": 800_000, "peak": 40_000, "ips": 1, "streams": 1, "tenants": 0}


def asked(engagement):
    engagement.refresh_from_db()
    return list(next(one for one in gates.checks_of(1) if one.key == "selection_answered").reasons(engagement))


def test_it_names_every_answer_that_is_missing_and_the_target(engagement, carl):
    answer_all(engagement, actor=carl)
    SelectionAnswer.objects.get(engagement=engagement, variable="redesign").delete()

    assert asked(engagement) == ["The selection has no answer to “Structure”.", "No target is chosen."]


def test_it_holds_once_the_target_is_the_result(engagement, carl, ada):
    answer_all(engagement, actor=carl)
    choose_target(engagement, target="powermta", reason="The answers say so.", actor=ada)

    assert asked(engagement) == []


def test_another_target_needs_a_lead_s_word(engagement, carl, ada):
    answer_all(engagement, actor=carl)
    choose_target(engagement, target="kumomta", reason="Known in house.", actor=ada)

    assert asked(engagement) == [
        "The answers speak for PowerMTA, and the target is KumoMTA. Choose the other one, or a lead records why not."
    ]


def test_an_open_dispute_is_named(engagement, carl, vera, ada):
    answer_all(engagement, actor=carl)
    choose_target(engagement, target="powermta", reason="The answers say so.", actor=ada)
    dispute_selection(engagement, variable="vendor_sla", dispute="Only wished for.", version=1, actor=vera)

    assert asked(engagement) == ["The answer to “Vendor SLA” is disputed. It is settled by answering again."]


def test_to_stay_is_asked_before_any_answer(engagement, sam, ada):
    Request.objects.create(engagement=engagement, owner=sam, contact_email="carl@northlake.example", **STAYS)
    choose_target(engagement, target="powermta", reason="Wanted.", actor=ada)

    said = asked(engagement)

    assert len(said) == 1
    assert said[0].startswith("The diagnosis says to stay on Postfix. 800,000 a month is below 1,000,000")


def test_the_result_stands_beside_the_plan(engagement, carl, vera):
    answer_all(engagement, actor=carl)
    gate = Gate.objects.select_related("engagement").get(engagement=engagement, number=1)

    panel = next(one for one in said_beside(gate, vera) if one.anchor == "selection")

    assert panel.text == "The answers lead to: PowerMTA. Target: not chosen yet."


def test_the_score_knows_nothing_of_what_was_advised_before():
    allowed = ("discovery.selection", "__future__", "dataclasses", "enum", "typing", "itertools", "collections")
    allowed = (*allowed, "functools", "pathlib", "datetime", "yaml")
    imported = {
        name
        for path in Path(discovery.selection.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }

    assert "discovery.selection.method" in imported
    assert [name for name in imported if not name.startswith(allowed)] == []


def _names(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) else []
