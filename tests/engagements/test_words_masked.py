"""A password that somebody writes into a thread, a proof or a reason is kept nowhere; the words around it are."""

import pytest

from core.models import AuditEvent, OutboxMessage
from engagements.domain.ask_question import answer_question, ask_question
from engagements.domain.choose_target import choose_target
from engagements.domain.complete_task import complete_task
from engagements.domain.request_changes import request_changes
from engagements.models import ChangeRequest, GateTask, Question, Reply, Transition
from tests.engagements.journey import begin, gate_of, put_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]
SECRET = "Zq7hunter2hunter2x"
WORDS = f"The relay takes password = {SECRET} since May."


def kept():
    """Every word that was kept of what was written."""
    mails = list(OutboxMessage.objects.values_list("text", "subject"))
    return str([*AuditEvent.objects.values_list("data", flat=True), *mails, *Transition.objects.values_list("note")])


def test_in_a_thread(engagement, carl, ada):
    question = ask_question(engagement, actor=carl, text=WORDS, is_blocking=False)
    answer_question(question, actor=ada, text=WORDS)

    for text in (Question.objects.get().text, Reply.objects.get().text):
        assert text.startswith("The relay takes password = [hidden/")
        assert text.endswith(" since May.")
    assert SECRET not in kept()


def test_in_a_reason_and_a_proof(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    choose_target(engagement, target="kumomta", reason=WORDS, actor=ada)
    task = GateTask.objects.filter(gate=gate_of(engagement, 1), done_at=None).first()
    done = complete_task(task, actor=carl if task.party == "customer" else ada, evidence=WORDS)

    assert "since May." in done.evidence
    assert SECRET not in done.evidence + kept()


def test_in_the_changes_that_a_signer_asks_for(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)

    request_changes(document, actor=carl, reason=WORDS)

    assert "since May." in ChangeRequest.objects.get().reason
    assert SECRET not in ChangeRequest.objects.get().reason + kept()


def test_words_without_a_secret_are_kept_as_they_are(engagement, carl):
    text = "What becomes of smtp_sasl_password_maps?\n\nAnd of “this”?"

    assert ask_question(engagement, actor=carl, text=text, is_blocking=False).text == text
