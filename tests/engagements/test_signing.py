from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.domain.give_membership import give_membership
from core.audit import verify_chain
from core.errors import Conflict, DomainError, GateClosed, Refused
from core.models import AuditEvent
from engagements.domain.ask_question import ask_question
from engagements.domain.complete_task import complete_task, reopen_task
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.mark_stale import mark_stale
from engagements.domain.request_changes import request_changes
from engagements.domain.submit_gate import submit_gate
from engagements.gates import results
from engagements.models import FrozenDocument, GateTask, SignOff, StaleMark
from tests.engagements.journey import begin, do_tasks, gate_of, put_up, sign
from tests.factories.accounts import UserFactory
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@kept
def submitted(engagement, carl, ada):
    """The plan of gate 1, out for Carl's signature."""
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def test_a_signature_keeps_the_digest_of_the_stored_bytes(submitted, carl):
    signoff = sign(submitted, signer=carl)

    assert signoff.document_digest == FrozenDocument.objects.get(pk=submitted.pk).digest
    assert signoff.reference.startswith(f"S-{timezone.now().year}-")
    assert list(verify_chain(submitted.audit_chain)) == []


def test_signing_twice_returns_the_same_receipt_and_writes_nothing(submitted, carl):
    first = sign(submitted, signer=carl)
    events = AuditEvent.objects.count()

    second = sign(submitted, signer=carl)

    assert second == first
    assert AuditEvent.objects.count() == events


def test_an_old_tab_cannot_sign_a_new_text(submitted, engagement, carl, ada, facts):
    facts["parameters"] = 43
    gate = gate_of(engagement, 1)
    freeze_document(gate, prepare_document(gate), actor=ada)

    with pytest.raises(Conflict, match="not the current one"):
        sign(submitted, signer=carl)

    assert not SignOff.objects.exists()


def test_a_digest_that_was_not_on_screen_is_refused(submitted, carl):
    with pytest.raises(Conflict, match="Nothing was signed"):
        sign(submitted, signer=carl, shown_digest="0" * 64)

    assert not SignOff.objects.exists()


@pytest.mark.parametrize("age", [None, timedelta(minutes=16)])
def test_a_signature_needs_a_fresh_proof_of_identity(submitted, carl, age):
    at = None if age is None else timezone.now() - age

    with pytest.raises(DomainError, match="Confirm who you are"):
        sign(submitted, signer=carl, authenticated_at=at)

    assert not SignOff.objects.exists()


@pytest.mark.parametrize("person", ["vera", "ada", "otto"])
def test_without_the_duty_nobody_signs(submitted, person, request):
    with pytest.raises(Refused):
        sign(submitted, signer=request.getfixturevalue(person))

    assert not SignOff.objects.exists()


def test_somebody_given_the_duty_later_is_told_whom_the_document_waits_for(submitted, northlake, olga):
    late = UserFactory(full_name="Nora Late")
    give_membership(late, organization=northlake, role="signatory", duties=[("sign_phase", 1)], actor=olga)

    with pytest.raises(Refused, match="waits for Carl Brandt"):
        sign(submitted, signer=late)


def test_the_gate_waits_for_every_signer(engagement, carl, ada, northlake, olga):
    chief = UserFactory(full_name="Petra Lang")
    give_membership(chief, organization=northlake, role="finance", duties=[("sign_phase", 1)], actor=olga)
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)

    sign(document, signer=carl)
    between = gate_of(engagement, 1).state
    sign(document, signer=chief, typed_name="Petra Lang")

    engagement.refresh_from_db()
    assert between == "submitted"
    assert (gate_of(engagement, 1).state, engagement.phase) == ("signed", "install")


def test_asking_for_signatures_needs_somebody_who_may_sign(engagement, carl, ada, northlake, olga):
    begin(engagement, accepted_by=carl)
    do_tasks(engagement, 1, consultant=ada, customer=carl)
    gate = gate_of(engagement, 1)
    freeze_document(gate, prepare_document(gate), actor=ada)
    give_membership(carl, organization=northlake, role="viewer", actor=olga)

    with pytest.raises(DomainError, match="Nobody at Northlake Logistics signs phase 1"):
        submit_gate(gate_of(engagement, 1), actor=ada)

    assert gate_of(engagement, 1).state == "open"


def test_open_tasks_and_blocking_questions_keep_the_gate_shut(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    ask_question(engagement, actor=carl, text="Who rotates the keys?", is_blocking=True)

    with pytest.raises(GateClosed) as refusal:
        submit_gate(gate_of(engagement, 1), actor=ada)

    assert "The migration plan is not frozen yet." in refusal.value.reasons
    assert any("Who rotates the keys?" in reason for reason in refusal.value.reasons)
    assert "Task of Northlake Logistics: Owner named for each milter and script." in refusal.value.reasons


def test_a_question_asked_after_submission_blocks_the_last_signature(submitted, engagement, carl, vera):
    ask_question(engagement, actor=vera, text="Is 42 right?", is_blocking=True)

    with pytest.raises(GateClosed, match="Is 42 right"):
        sign(submitted, signer=carl)

    assert not SignOff.objects.exists()


def test_changed_records_reopen_the_gate_and_mark_the_signature_stale(submitted, engagement, carl, ada, facts):
    signoff = sign(submitted, signer=carl)
    facts["parameters"] = 43

    reopened = mark_stale(engagement, actor=ada)

    assert [gate.number for gate in reopened] == [1]
    assert gate_of(engagement, 1).state == "open"
    assert StaleMark.objects.get(signoff=signoff).changes == ["Parameters: 41 is now 43."]
    assert SignOff.objects.filter(pk=signoff.pk).exists()


def test_unchanged_records_leave_the_signature_alone(submitted, engagement, carl, ada):
    sign(submitted, signer=carl)

    assert mark_stale(engagement, actor=ada) == []
    assert gate_of(engagement, 1).state == "signed"
    assert not StaleMark.objects.exists()


def test_a_stale_first_gate_keeps_the_second_shut_until_it_is_signed_again(submitted, engagement, carl, ada, facts):
    sign(submitted, signer=carl)
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)

    with pytest.raises(GateClosed) as refusal:
        put_up(engagement, 2, consultant=ada, customer=carl)
    assert "Phase 1 has to be signed again first: what was signed has changed." in refusal.value.reasons

    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)
    engagement.refresh_from_db()
    assert (gate_of(engagement, 1).state, engagement.phase) == ("signed", "install")


def test_a_gate_says_of_one_that_was_never_signed_that_it_has_to_be_signed_not_again(submitted, engagement):
    found = {one.check.key: one.reasons for one in results(gate_of(engagement, 2))}

    assert found["earlier_gate"] == ("Phase 1 has to be signed first.",)


def test_requested_changes_become_a_task_and_leave_the_document_unsigned(submitted, engagement, carl):
    request_changes(submitted, actor=carl, reason="The cutover falls into our peak week.")

    task = GateTask.objects.get(gate__engagement=engagement, key__startswith="change-request")
    assert (task.party, task.explanation, task.is_done) == (
        "consultancy",
        "The cutover falls into our peak week.",
        False,
    )
    assert gate_of(engagement, 1).state == "changes_requested"
    with pytest.raises(Conflict, match="nothing to sign now"):
        sign(submitted, signer=carl)


def test_requesting_changes_needs_words(submitted, engagement, carl):
    with pytest.raises(DomainError, match="Say why"):
        request_changes(submitted, actor=carl, reason=" ")

    assert gate_of(engagement, 1).state == "submitted"


def test_a_reopened_task_closes_the_way_to_the_signature(submitted, engagement, carl, ada):
    task = gate_of(engagement, 1).tasks.filter(party="joint").first()
    reopen_task(task, actor=ada)

    with pytest.raises(GateClosed, match="Readout call held"):
        sign(submitted, signer=carl)


@pytest.mark.parametrize("model", [SignOff, FrozenDocument, AuditEvent])
def test_the_database_never_changes_or_deletes_what_was_signed(submitted, carl, model):
    sign(submitted, signer=carl)
    row = model.objects.first()
    field = {"SignOff": "typed_name", "FrozenDocument": "title", "AuditEvent": "actor_label"}[model.__name__]

    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field: "Somebody else"})
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()

    assert getattr(model.objects.get(pk=row.pk), field) == getattr(row, field)


def test_freezing_is_refused_when_the_records_moved_while_rendering(engagement, carl, ada, facts):
    begin(engagement, accepted_by=carl)
    gate = gate_of(engagement, 1)
    prepared = prepare_document(gate)
    facts["target"] = "KumoMTA"

    with pytest.raises(Conflict, match="build it again"):
        freeze_document(gate, prepared, actor=ada)

    assert not FrozenDocument.objects.exists()


def test_two_who_freeze_at_once_make_one_version(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    gate = gate_of(engagement, 1)
    first, second = prepare_document(gate), prepare_document(gate)
    freeze_document(gate, first, actor=ada)

    with pytest.raises(Conflict, match="frozen by somebody else"):
        freeze_document(gate, second, actor=ada)

    assert FrozenDocument.objects.count() == 1


def test_requested_changes_are_answered_in_words_and_by_a_new_version(submitted, engagement, carl, ada):
    request_changes(submitted, actor=carl, reason="Name the window.")
    task = GateTask.objects.get(gate__engagement=engagement, key__startswith="change-request")

    with pytest.raises(DomainError, match="Say what was answered"):
        complete_task(task, actor=ada, evidence=" ")
    complete_task(task, actor=ada, evidence="The window is named on page 22.")
    with pytest.raises(GateClosed, match="Changes were requested on version 1"):
        submit_gate(gate_of(engagement, 1), actor=ada)

    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)
    assert gate_of(engagement, 1).current_document.version == 2
