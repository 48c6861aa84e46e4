"""What becomes of open conditions when their signer signs again or revokes."""

import pytest
from django.urls import reverse

from core.audit import verify_chain
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from engagements import parts
from engagements.conditions import conditions_under, conditions_up_to
from engagements.domain.complete_task import complete_task, reopen_task
from engagements.domain.mark_stale import mark_stale
from engagements.domain.revoke_signature import revoke_signature
from engagements.domain.set_reservations import ConditionText, Reservations
from engagements.domain.sign_document import sign_document
from engagements.models import Condition, GateTask, SignOff
from engagements.overview import asked_of
from engagements.parts import Part
from engagements.signing_forms import GateSignForm
from reports.content.receipt import receipt_content
from tests.engagements.journey import begin, gate_of, put_up, sign, signature_for
from tests.engagements.test_conditions import reserve, soon
from tests.engagements.test_pages import sign_url, typed
from tests.kept import kept
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@kept
def conditional(engagement, carl, ada):
    """Carl's signature on the condition that the keys are rotated within a week."""
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    return reserve(document, signer=carl, conditions=[ConditionText("Rotate the DKIM keys.", soon(engagement))])


def test_revoking_ends_the_conditions_of_replaced_signatures_as_well(conditional, engagement, carl, ada, facts):
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)
    second = put_up(engagement, 1, consultant=ada, customer=carl)
    later = sign(second, signer=carl)
    kept = [condition.text for condition in conditions_under(later)]

    revoke_signature(later, actor=carl, signature=signature_for(second), reason="Budget is gone.")

    event = AuditEvent.objects.get(action="gate.condition_fell")
    assert kept == ["Rotate the DKIM keys."]
    assert (event.data["signature"], event.data["by"]) == (conditional.reference, later.revocation.reference)
    assert not any(row.title.startswith("Condition of") for row in asked_of(gate_of(engagement, 2), ada)[0])
    with pytest.raises(Conflict, match="This condition fell away on"):
        complete_task(Condition.objects.get().task, actor=ada, evidence="Rotated.")
    assert list(verify_chain(conditional.audit_chain)) == []


@pytest.mark.parametrize(("said", "standing"), [("drop", []), ("", ["Rotate the DKIM keys."])])
def test_signing_again_says_whether_an_open_condition_is_kept(
    conditional, engagement, carl, ada, facts, client, said, standing
):
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)
    second = put_up(engagement, 1, consultant=ada, customer=carl)
    name = f"earlier-{Condition.objects.get().pk}"
    sign_in(client, carl)

    page = client.get(sign_url(engagement)).content.decode()
    client.post(sign_url(engagement), typed(second) | {name: said})

    later = SignOff.objects.get(document=second)
    receipt = client.get(reverse("engagements:receipt", args=[later.reference])).content.decode()
    assert '<option value="keep" selected>' in page
    assert "Rotate the DKIM keys.</label>" in page  # nobody has to answer, and it is not called optional
    assert [condition.text for condition in conditions_under(later)] == standing
    assert ("phase 2 cannot be signed before" in receipt) == bool(standing)
    assert ("Conditions let fall" in receipt) == (not standing)
    replaced = client.get(reverse("engagements:receipt", args=[conditional.reference])).content.decode()
    assert "Replaced" in replaced
    assert "<p>Phase 2, " in receipt
    assert ("1 condition is open: phase 2 cannot be signed before." in receipt) == bool(standing)
    assert ("notice--info" in replaced, "A new version needs a new signature." in replaced) == (True, False)
    assert "<p>Phase 2, " not in replaced
    assert AuditEvent.objects.filter(action="gate.condition_fell").count() == 1 - len(standing)
    assert [condition.text for condition in conditions_under(conditional)] == ["Rotate the DKIM keys."]


def test_a_condition_that_was_done_stays_done_when_the_signature_is_revoked(conditional, engagement, carl, ada, client):
    task = Condition.objects.get().task
    complete_task(task, actor=ada, evidence="Rotated on 3 December.")
    told = OutboxMessage.objects.filter(kind="condition_done")
    revoke_signature(conditional, actor=carl, signature=signature_for(conditional.document), reason="Budget is gone.")
    client.force_login(carl)

    page = client.get(reverse("engagements:receipt", args=[conditional.reference])).content.decode()

    task.refresh_from_db()
    assert task.fell_at is None
    assert "Rotated on 3 December." in page
    assert "Fell away" not in page
    assert [mail.address for mail in told] == [carl.email]
    with pytest.raises(Conflict, match="was revoked: there is nothing to do"):
        reopen_task(task, actor=ada)


def test_what_both_do_is_done_when_the_customer_says_so_in_words(conditional, engagement, carl, ada, client):
    task = Condition.objects.get().task
    GateTask.objects.filter(pk=task.pk).update(party="joint")

    client.force_login(carl)
    page = client.get(reverse("engagements:task", args=[engagement.code, task.pk])).content.decode()
    with pytest.raises(Refused, match="Northlake Logistics says when it is done"):
        complete_task(task, actor=ada, evidence="Rotated on 3 December.")
    with pytest.raises(DomainError, match="Say what shows it, in words"):
        complete_task(task, actor=carl, evidence=" . ")
    still_open = not GateTask.objects.get(pk=task.pk).is_done
    complete_task(task, actor=carl, evidence="Seen in the DNS.")

    assert "(optional)" not in page
    assert still_open
    assert GateTask.objects.get(pk=task.pk).done_by == carl
    assert not OutboxMessage.objects.filter(kind="condition_done").exists()


def test_what_both_do_is_offered_for_completion_to_the_customer_alone(conditional, engagement, carl, ada, client):
    task = Condition.objects.get().task
    GateTask.objects.filter(pk=task.pk).update(party="joint")
    url, shown = reverse("engagements:task", args=[engagement.code, task.pk]), {}

    for person in (ada, carl):
        client.force_login(person)
        shown[person] = client.get(url).content.decode()

    assert "Complete this task" not in shown[ada]
    assert "Northlake Logistics says when it is done" in shown[ada]
    assert "Complete this task" in shown[carl]


@pytest.mark.parametrize("said", ["keep", "drop"])
def test_a_choice_about_a_condition_that_closed_meanwhile_is_refused_with_who_closed_it(
    conditional, engagement, carl, ada, facts, client, said
):
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)
    second, condition = put_up(engagement, 1, consultant=ada, customer=carl), Condition.objects.get()
    sign_in(client, carl)
    complete_task(condition.task, actor=ada, evidence="Rotated on Monday.")

    old_tab = client.post(sign_url(engagement), typed(second) | {f"earlier-{condition.pk}": said})
    before = SignOff.objects.count()
    again = client.post(sign_url(engagement), typed(second))

    page = old_tab.content.decode()
    assert old_tab.status_code == 422
    assert "“Rotate the DKIM keys.” is not open any more. Ada Quint reported it done" in page
    assert (before, again.status_code, SignOff.objects.count()) == (1, 302, 2)


def test_the_mail_of_a_signature_names_conditions_that_were_kept_and_that_were_let_fall(
    conditional, engagement, carl, ada, facts
):
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)
    second = put_up(engagement, 1, consultant=ada, customer=carl)
    kept = sign(second, signer=carl)
    facts["parameters"] = 44
    mark_stale(engagement, actor=ada)
    third = put_up(engagement, 1, consultant=ada, customer=carl)

    reservations = Reservations(dropped=[Condition.objects.get().pk])
    dropped = sign_document(third, actor=carl, signature=signature_for(third), reservations=reservations)

    def text_of(signoff):
        mails = OutboxMessage.objects.filter(kind="signed", address=carl.email, subject__contains=signoff.reference)
        return mails.get().text

    due = f"{soon(engagement):%-d %b %Y}"
    assert f"Rotate the DKIM keys. (due {due}, set with {conditional.reference} and kept" in text_of(kept)
    assert f"Let fall, set with {conditional.reference}: Rotate the DKIM keys." in text_of(dropped)


def test_a_part_that_is_not_held_any_more_stands_in_ledger_receipts_declaration_and_mail(
    engagement, carl, ada, facts, client, monkeypatch
):
    monkeypatch.setattr(parts, "_sources", [])
    parts.parts(1)(lambda engagement: [Part("a", "S-01 Receipts"), Part("b", "S-02 News")])
    begin(engagement, accepted_by=carl)
    first = reserve(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl, held={"a": "Not before May."})
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)

    later = sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    event = AuditEvent.objects.get(action="gate.hold_ended")
    assert (event.data["part"], event.data["held_with"], event.data["signature"]) == (
        "S-01 Receipts",
        first.reference,
        later.reference,
    )
    assert f"I no longer hold back: (1) S-01 Receipts, held back with {first.reference}." in later.statement
    assert receipt_content(later.document)["signatures"][0]["no_longer_held"] == ["S-01 Receipts"]
    mail = OutboxMessage.objects.get(kind="signed", address=carl.email, subject__contains=later.reference)
    assert f"No longer held back: S-01 Receipts (held with {first.reference})" in mail.text
    client.force_login(carl)
    old = client.get(reverse("engagements:receipt", args=[first.reference])).content.decode()
    new = client.get(reverse("engagements:receipt", args=[later.reference])).content.decode()
    assert "No longer held back since" in old
    assert "Not approved" not in old
    assert "approved with this signature" in new
    assert list(verify_chain(first.audit_chain)) == []


def test_a_made_up_choice_shows_nothing_of_the_conditions_of_others(conditional, engagement, carl, ada, petra, facts):
    facts["parameters"] = 43
    mark_stale(engagement, actor=ada)
    second, condition = put_up(engagement, 1, consultant=ada, customer=carl), Condition.objects.get()
    complete_task(condition.task, actor=ada, evidence="Rotated on Monday.")
    form = GateSignForm(
        typed(second) | {f"earlier-{condition.pk}": "keep", f"earlier-{'9' * 5000}": "keep"},
        gate=gate_of(engagement, 1),
        held={},
        earlier=conditions_up_to(None, gate_id=gate_of(engagement, 1).pk, signer_id=petra.pk),
        profile_name="Carl Brandt",
    )

    form.is_valid()

    assert "Rotate the DKIM keys." not in str(form.errors)
