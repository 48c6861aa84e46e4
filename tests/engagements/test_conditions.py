"""Signed with conditions, with a part held back, and under the customer's own number."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.audit import verify_chain
from core.errors import Conflict, DomainError, GateClosed, Refused
from core.models import AuditEvent
from engagements import parts
from engagements.domain.complete_task import complete_task
from engagements.domain.mark_stale import mark_stale
from engagements.domain.note_reference import note_reference
from engagements.domain.release_part import release_part
from engagements.domain.revoke_signature import revoke_signature
from engagements.domain.set_reservations import ConditionText, Reservations
from engagements.domain.sign_document import sign_document
from engagements.domain.submit_gate import submit_gate
from engagements.models import Condition, GateTask, HeldPart, PartRelease, SignOff
from engagements.overview import asked_of
from engagements.parts import Part, held_parts, refuse_held
from engagements.today import today_of
from tests.engagements.journey import begin, gate_of, put_up, sign, signature_for
from tests.engagements.test_pages import sign_url, typed
from tests.kept import kept
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@kept
def submitted(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


@pytest.fixture
def two_parts(monkeypatch):
    """Two streams at gate 1, as an app above the spine would register them."""
    monkeypatch.setattr(parts, "_sources", [])
    parts.parts(1)(lambda engagement: [Part("a", "S-01 Receipts"), Part("b", "S-02 News")])


def reserve(document, *, signer, conditions=(), held=None):
    reservations = Reservations(tuple(conditions), held or {})
    return sign_document(document, actor=signer, signature=signature_for(document), reservations=reservations)


def soon(engagement, days=7):
    return today_of(engagement) + timedelta(days=days)


@kept
def conditional(submitted, engagement, carl):
    """Carl's signature on the condition that the keys are rotated within a week."""
    return reserve(submitted, signer=carl, conditions=[ConditionText("Rotate the DKIM keys.", soon(engagement))])


def test_a_condition_ends_the_phase_and_becomes_a_task_of_the_next_gate(conditional, engagement):
    condition = Condition.objects.get()

    assert gate_of(engagement, 1).state == "signed"
    assert condition.task.gate.number == 2
    assert (condition.task.party, condition.task.due_on) == ("consultancy", soon(engagement))
    assert AuditEvent.objects.filter(action="gate.condition_set").count() == 1
    assert list(verify_chain(conditional.audit_chain)) == []


def test_an_open_condition_keeps_the_next_gate_shut_until_it_is_shown_to_be_done(conditional, engagement, carl, ada):
    task = Condition.objects.get().task
    for other in gate_of(engagement, 2).tasks.exclude(pk=task.pk):
        complete_task(other, actor=carl if other.party == "customer" else ada, evidence="Seen.")

    with pytest.raises(GateClosed) as refusal:
        submit_gate(gate_of(engagement, 2), actor=ada)
    with pytest.raises(DomainError, match="Say what shows it"):
        complete_task(task, actor=ada, evidence=" ")
    complete_task(task, actor=ada, evidence="Rotated on 3 December, selector g2.")
    sign(put_up(engagement, 2, consultant=ada, customer=carl), signer=carl)

    assert any("Condition of Carl Brandt: Rotate the DKIM keys." in reason for reason in refusal.value.reasons)
    assert gate_of(engagement, 2).state == "signed"


def test_an_overdue_condition_is_shown_as_overdue(conditional, engagement, ada, monkeypatch):
    later = soon(engagement, 9)
    monkeypatch.setattr("engagements.overview.today_of", lambda engagement: later)

    row = next(row for row in asked_of(gate_of(engagement, 2), ada)[0] if row.title.startswith("Condition of"))

    assert row.reason.endswith(", 2 days overdue")


def test_a_condition_falls_with_the_revoked_signature(conditional, engagement, carl, ada):
    revoke_signature(conditional, actor=carl, signature=signature_for(conditional.document), reason="Budget is gone.")

    assert not any(row.title.startswith("Condition of") for row in asked_of(gate_of(engagement, 2), ada)[0])
    assert GateTask.objects.filter(key__startswith="condition-", done_at=None).count() == 1
    assert Condition.objects.count() == 1


def test_a_condition_stands_when_the_records_move(conditional, engagement, carl, ada, facts):
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    assert any(row.title.startswith("Condition of") for row in asked_of(gate_of(engagement, 2), ada)[0])


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (("", 7, "consultancy"), "Say what has to be done"),
        (("Rotate the keys.", -1, "consultancy"), "due today or later"),
        (("Rotate the keys.", 7, "somebody"), "Say whose condition it is"),
    ],
)
def test_a_condition_that_nobody_could_keep_signs_nothing(submitted, engagement, carl, condition, said):
    text, days, party = condition

    with pytest.raises(DomainError, match=said):
        reserve(submitted, signer=carl, conditions=[ConditionText(text, soon(engagement, days), party)])

    assert not SignOff.objects.exists()
    assert gate_of(engagement, 1).state == "submitted"


def test_no_condition_after_the_last_gate(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    for number in range(1, 5):
        sign(put_up(engagement, number, consultant=ada, customer=carl), signer=carl)
    document = put_up(engagement, 5, consultant=ada, customer=carl)

    with pytest.raises(DomainError, match="No gate comes after this one"):
        reserve(document, signer=carl, conditions=[ConditionText("Call us.", soon(engagement))])


@kept
def holding(submitted, two_parts, carl):
    return reserve(submitted, signer=carl, held={"b": "The news team is not ready."})


def test_one_part_is_held_and_the_rest_goes_on(holding, engagement):
    assert gate_of(engagement, 1).state == "signed"
    assert [held.label for held in held_parts(engagement)] == ["S-02 News"]
    refuse_held(engagement, "a")
    with pytest.raises(Conflict, match="S-02 News is held by Carl Brandt"):
        refuse_held(engagement, "b")


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"a": "x", "b": "y"}, "Every part would be held"),
        ({"c": "x"}, "no part of this phase any more"),
        ({"a": " "}, "Say why S-01 Receipts is held"),
    ],
)
def test_what_cannot_be_held_signs_nothing(submitted, two_parts, engagement, carl, held, said):
    with pytest.raises(DomainError, match=said):
        reserve(submitted, signer=carl, held=held)

    assert not SignOff.objects.exists()
    assert gate_of(engagement, 1).state == "submitted"


def test_a_held_part_is_approved_later_by_whoever_signs_its_phase(holding, engagement, carl, ada):
    held = HeldPart.objects.get()
    with pytest.raises(Refused):
        release_part(held, actor=ada, authenticated_at=timezone.now())
    with pytest.raises(DomainError, match="Confirm who you are"):
        release_part(held, actor=carl, authenticated_at=timezone.now() - timedelta(minutes=16))

    release_part(held, actor=carl, authenticated_at=timezone.now(), note="Ready.")

    assert held_parts(engagement) == []
    refuse_held(engagement, "b")
    with pytest.raises(Conflict, match="not held any more"):
        release_part(held, actor=carl, authenticated_at=timezone.now())
    assert PartRelease.objects.count() == 1


def test_a_new_signature_says_anew_what_is_held(holding, engagement, carl, ada, facts):
    facts["parameters"] = 43
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    assert held_parts(engagement) == []


def test_the_database_never_changes_a_reservation(holding, conditional, submitted):
    for model in (HeldPart,):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(reason="Never mind")


def test_signing_with_conditions_and_a_held_part_on_the_page(client, submitted, two_parts, engagement, carl, vera):
    sign_in(client, carl)
    due = soon(engagement).isoformat()
    entered = {"condition-1-party": "customer", "condition-2-party": "consultancy", "condition-3-party": "consultancy"}

    undated = client.post(sign_url(engagement), typed(submitted, **entered, **{"condition-1": "Renew the licence."}))
    entered |= {"condition-1": "Renew the licence.", "condition-1-due": due, "held-b": "Not ready."}
    signed = client.post(sign_url(engagement), typed(submitted, **entered))

    receipt = client.get(signed.url).content.decode()
    client.force_login(vera)
    gate = client.get(reverse("engagements:gate", args=[engagement.code, 2])).content.decode()
    assert undated.status_code == 422
    assert "Say by when" in undated.content.decode()
    assert "Renew the licence." in receipt
    assert "<bdi>S-02 News</bdi>: <bdi>Not ready.</bdi>" in receipt
    assert "S-02 News, held by Carl Brandt" in gate
    assert Condition.objects.get().task.party == "customer"


def test_the_release_page_asks_for_a_proof(client, holding, engagement, carl):
    held = HeldPart.objects.get()
    url = reverse("engagements:release", args=[engagement.code, held.pk])
    sign_in(client, carl, seconds_ago=3600)
    asked = client.post(url, {"note": "Ready."})
    sign_in(client, carl)

    again = client.get(url).content.decode()
    done = client.post(url, {"note": "Ready."})

    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert "Ready." in again
    assert done.status_code == 302
    assert PartRelease.objects.get().note == "Ready."


def test_the_customers_number_stands_on_the_gate_and_on_the_receipt(client, submitted, engagement, carl):
    note_reference(gate_of(engagement, 1), actor=carl, text="  CHG0048213 ")
    signoff = sign(submitted, signer=carl)
    note_reference(gate_of(engagement, 1), actor=carl, text="CHG0050000")

    client.force_login(carl)
    gate = client.get(reverse("engagements:gate", args=[engagement.code, 1])).content.decode()
    receipt = client.get(reverse("engagements:receipt", args=[signoff.reference])).content.decode()
    assert "CHG0050000" in gate
    assert "CHG0048213" in receipt
    assert "CHG0050000" not in receipt
    assert gate_of(engagement, 1).state == "signed"


@pytest.mark.parametrize("person", ["vera", "otto"])
def test_who_may_not_work_on_a_gate_gives_it_no_number(submitted, engagement, person, request):
    with pytest.raises(Refused):
        note_reference(gate_of(engagement, 1), actor=request.getfixturevalue(person), text="CHG1")

    assert gate_of(engagement, 1).external_reference == ""


def test_the_same_number_again_leaves_no_trace(submitted, engagement, ada):
    note_reference(gate_of(engagement, 1), actor=ada, text="CHG1")
    events = AuditEvent.objects.count()

    note_reference(gate_of(engagement, 1), actor=ada, text="CHG1")

    assert AuditEvent.objects.count() == events
