"""Two people at once, on two real connections."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.audit import verify_chain
from core.errors import Conflict, DomainError
from core.models import AuditEvent, OutboxMessage
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.perform import perform
from engagements.domain.remind_signers import remind_signers
from engagements.domain.revoke_signature import revoke_signature
from engagements.models import Delegation, Reminder, Revocation, SignOff, StaleMark, Transition
from tests.engagements.journey import begin, gate_of, put_up, sign, signature_for
from tests.engagements.signers import colleague
from tests.factories.engagements import delegate_signature
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("open_gates")]


def test_of_two_moves_at_once_one_wins_and_the_other_is_told_who(engagement, carl):
    def move():
        return perform("start_discovery", engagement=engagement, actor=carl)

    results = at_once(move, move)

    refused = [result for result in results if isinstance(result, Conflict)]
    assert len(refused) == 1
    assert "Carl Brandt moved this on" in str(refused[0])
    assert AuditEvent.objects.filter(action="engagement.moved").count() == 1


def test_a_double_click_signs_once(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)

    results = at_once(lambda: sign(document, signer=carl), lambda: sign(document, signer=carl))

    assert results[0].pk == results[1].pk
    assert SignOff.objects.count() == 1
    assert AuditEvent.objects.filter(action="document.signed").count() == 1
    assert gate_of(engagement, 1).state == "signed"


def test_of_two_signers_at_once_both_sign_and_the_gate_is_signed_once(engagement, carl, petra, ada):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)

    at_once(lambda: sign(document, signer=carl), lambda: sign(document, signer=petra, typed_name="Petra Lang"))

    assert SignOff.objects.count() == 2
    assert Transition.objects.filter(step="sign_gate").count() == 1
    assert gate_of(engagement, 1).state == "signed"
    assert list(verify_chain(document.audit_chain)) == []


def test_a_signature_and_a_new_version_at_once_never_leave_a_gate_signed_over_the_old_one(engagement, carl, ada, facts):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    facts["parameters"] = 43
    gate = gate_of(engagement, 1)
    prepared = prepare_document(gate)

    results = at_once(lambda: sign(document, signer=carl), lambda: freeze_document(gate, prepared, actor=ada))

    gate = gate_of(engagement, 1)
    assert gate.current_document.version == 2
    assert gate.state == "open"
    refused = [result for result in results if isinstance(result, DomainError)]
    assert len(refused) + StaleMark.objects.count() == 1


def test_of_a_signature_and_its_hand_over_at_once_one_wins(in_turns, engagement, carl, northlake, olga):
    finn = colleague("Finn Aalto", northlake, olga)

    results = at_once(
        lambda: sign(in_turns, signer=carl),
        lambda: delegate_signature(in_turns, actor=carl, to=finn, reason="On leave."),
    )

    assert len([result for result in results if isinstance(result, DomainError)]) == 1
    assert SignOff.objects.count() + Delegation.objects.count() == 1


def test_two_revocations_at_once_are_one(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    signoff = sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    def revoke():
        signature = signature_for(signoff.document)
        return revoke_signature(signoff, actor=carl, signature=signature, reason="Not yet.")

    first, second = at_once(revoke, revoke)

    assert first == second
    assert Revocation.objects.count() == 1
    assert Transition.objects.filter(step="revoke_gate").count() == 1


def test_two_beats_at_once_remind_once(in_turns):
    later = timezone.now() + timedelta(days=3, minutes=1)

    counts = at_once(lambda: remind_signers(now=later), lambda: remind_signers(now=later))

    assert sorted(counts) == [0, 1]
    assert Reminder.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="sign_reminder").count() == 1
