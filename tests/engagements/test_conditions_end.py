"""What becomes of open conditions when their signer signs again or revokes."""

import pytest
from django.urls import reverse

from core.audit import verify_chain
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from engagements.conditions import conditions_under
from engagements.domain.complete_task import complete_task, reopen_task
from engagements.domain.mark_stale import mark_stale
from engagements.domain.revoke_signature import revoke_signature
from engagements.domain.set_reservations import ConditionText
from engagements.models import Condition, GateTask, SignOff
from engagements.overview import asked_of
from tests.engagements.journey import begin, gate_of, put_up, sign, signature_for
from tests.engagements.test_conditions import reserve, soon
from tests.engagements.test_pages import sign_in, sign_url, typed
from tests.kept import kept

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
    client.force_login(ada)

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
