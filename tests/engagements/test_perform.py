import pytest
from django.db import DatabaseError, transaction

from core.audit import verify_chain
from core.errors import Conflict, DomainError, GateClosed, Refused
from core.models import AuditEvent
from engagements.domain.perform import perform
from engagements.models import Engagement, Gate, Transition
from engagements.steps import STEPS, Subject, legal_moves
from tests.engagements.journey import begin, gate_of, put_up, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def test_accepting_starts_discovery_and_opens_only_the_first_gate(engagement, carl):
    begin(engagement, accepted_by=carl)

    assert engagement.phase == "discovery"
    assert list(engagement.gates.values_list("state", flat=True)) == ["open", "locked", "locked", "locked", "locked"]


def test_a_move_leaves_a_transition_and_an_event_of_the_chain(engagement, carl):
    begin(engagement, accepted_by=carl)

    moved = Transition.objects.get(engagement=engagement, gate=None)
    assert (moved.before, moved.after, moved.actor) == ("intake", "discovery", carl)
    assert AuditEvent.objects.filter(chain=engagement.audit_chain, action="engagement.moved").count() == 1
    assert list(verify_chain(engagement.audit_chain)) == []


def test_a_viewer_cannot_start_discovery_and_nothing_moves(engagement, vera):
    with pytest.raises(Refused, match="has not given you that duty"):
        perform("start_discovery", engagement=engagement, actor=vera)

    engagement.refresh_from_db()
    assert engagement.phase == "intake"
    assert not Transition.objects.exists()


def test_the_second_of_two_is_told_who_was_first(engagement, carl):
    begin(engagement, accepted_by=carl)

    with pytest.raises(Conflict, match="Carl Brandt moved this on"):
        perform("start_discovery", engagement=engagement, actor=carl)

    assert AuditEvent.objects.filter(action="engagement.moved").count() == 1


def test_a_move_that_needs_a_reason_is_refused_without_one(engagement, lea):
    with pytest.raises(DomainError, match="Say why"):
        perform("cancel", engagement=engagement, actor=lea, note="  ")

    engagement.refresh_from_db()
    assert engagement.phase == "intake"


def test_when_the_ledger_cannot_be_written_the_phase_does_not_move(engagement, carl, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("no ledger")

    monkeypatch.setattr(AuditEvent, "save", refuse)

    with pytest.raises(RuntimeError, match="no ledger"):
        perform("start_discovery", engagement=engagement, actor=carl)

    engagement.refresh_from_db()
    assert engagement.phase == "intake"


def test_a_held_engagement_resumes_where_it_was(engagement, carl, lea):
    begin(engagement, accepted_by=carl)

    perform("hold", engagement=engagement, actor=lea, note="Customer's peak season")
    held = Engagement.objects.get(pk=engagement.pk)
    perform("resume", engagement=engagement, actor=lea)

    engagement.refresh_from_db()
    assert (held.phase, held.phase_before_hold, held.number_of_phase) == ("on_hold", "discovery", 1)
    assert (engagement.phase, engagement.phase_before_hold) == ("discovery", "")


def test_a_gate_nobody_registered_for_stays_shut(engagement, carl, ada, monkeypatch):
    from engagements import gates

    begin(engagement, accepted_by=carl)
    monkeypatch.setattr(gates, "_checks", {key: known for key, known in gates._checks.items() if known.is_own})

    with pytest.raises(GateClosed, match="so it stays shut"):
        perform("submit_gate", engagement=engagement, actor=ada, gate=gate_of(engagement, 1))


def test_signing_the_gate_ends_the_phase_and_opens_the_next(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)

    sign(document, signer=carl)

    engagement.refresh_from_db()
    assert engagement.phase == "install"
    assert list(engagement.gates.values_list("state", flat=True)) == ["signed", "open", "locked", "locked", "locked"]


@pytest.mark.parametrize("phase", ["install", "completed", "stayed"])
def test_the_database_refuses_a_phase_that_does_not_follow(engagement, phase, carl, lea):
    perform("cancel", engagement=engagement, actor=lea, note="Test")

    with pytest.raises(DatabaseError), transaction.atomic():
        Engagement.objects.filter(pk=engagement.pk).update(phase=phase)


def test_the_database_refuses_the_next_phase_without_a_signed_gate(engagement, carl):
    begin(engagement, accepted_by=carl)

    with pytest.raises(DatabaseError, match="is not signed"), transaction.atomic():
        Engagement.objects.filter(pk=engagement.pk).update(phase="install")


def test_the_database_refuses_to_sign_a_gate_nobody_signed(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    put_up(engagement, 1, consultant=ada, customer=carl)

    with pytest.raises(DatabaseError, match="required signature is missing"), transaction.atomic():
        Gate.objects.filter(engagement=engagement, number=1).update(state="signed")


def test_the_database_resumes_nowhere_else(engagement, carl, lea):
    begin(engagement, accepted_by=carl)
    perform("hold", engagement=engagement, actor=lea, note="Test")

    with pytest.raises(DatabaseError), transaction.atomic():
        Engagement.objects.filter(pk=engagement.pk).update(phase="cutover", phase_before_hold="")


@pytest.mark.parametrize(("subject", "model", "field"), [("engagement", Engagement, "phase"), ("gate", Gate, "state")])
def test_the_methods_the_list_and_the_trigger_agree(subject, model, field):
    declared = {
        (method_transition.source, target)
        for _, method in vars(model).items()
        if hasattr(method, "_django_fsm")
        for method_transition in method._django_fsm.transitions.values()
        for target in (getattr(method_transition.target, "allowed_states", None) or [method_transition.target])
    }
    trigger = next(one for one in model._meta.triggers if one.name.endswith("legal_moves"))

    assert declared == set(legal_moves(Subject(subject)))
    assert {tuple(pair) for pair in trigger.transitions} == set(legal_moves(Subject(subject)))
    assert {step.name for step in STEPS.values() if step.subject == subject} <= set(dir(model))
    assert model._meta.get_field(field).protected
