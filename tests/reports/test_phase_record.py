"""What the record of a phase says, and what it must leave out."""

import pytest

from core.audit import digest_of
from engagements.content import current_content
from engagements.domain.ask_question import answer_question, ask_question
from engagements.domain.override_check import override_check
from engagements.gates import check
from tests.engagements.journey import do_tasks, gate_of, put_up, sign
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


@kept
def installing(begun, carl, ada):
    """Phase 2, after gate 1 was signed."""
    sign(put_up(begun, 1, consultant=ada, customer=carl), signer=carl)
    begun.refresh_from_db()
    return begun


def test_it_tells_who_did_what_and_what_shows_it(installing, carl, ada):
    do_tasks(installing, 2, consultant=ada, customer=carl)

    tasks = current_content(gate_of(installing, 2))["tasks"]
    assert {(task["party"], task["done_by"], task["evidence"]) for task in tasks} >= {
        ("customer", "Carl Brandt", "Seen in a test."),
        ("consultancy", "Ada Quint", "Seen in a test."),
    }


def test_open_tasks_are_no_fact_of_the_phase(installing):
    assert current_content(gate_of(installing, 2))["tasks"] == []


def test_questions_and_answers_of_the_phase_are_printed(installing, carl, ada):
    question = ask_question(installing, actor=carl, text="Which selector?")
    answer_question(question, actor=ada, text="gp1.")

    thread = current_content(gate_of(installing, 2))["questions"][0]
    assert (thread["text"], thread["asked_by"], thread["is_resolved"]) == ("Which selector?", "Carl Brandt", False)
    assert [answer["text"] for answer in thread["answers"]] == ["gp1."]


def test_a_check_passed_by_decision_is_printed_with_its_reason(installing, lea):
    check(2, key="never", title="Never holds")(lambda engagement: ["This never holds."])

    override_check(gate_of(installing, 2), key="never", reason="Seen by hand.", actor=lea)

    override = current_content(gate_of(installing, 2))["overrides"][0]
    assert (override["check"], override["said"], override["reason"], override["by"]) == (
        "Never holds",
        ["This never holds."],
        "Seen by hand.",
        "Lea Moser",
    )


def test_signing_does_not_move_it(installing, carl, ada):
    record = put_up(installing, 2, consultant=ada, customer=carl)

    sign(record, signer=carl)

    assert digest_of(current_content(gate_of(installing, 2))) == record.snapshot_digest
