"""A signature is taken back by another signed act, never deleted."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.audit import verify_chain
from core.errors import Conflict, DomainError, GateClosed, Refused
from core.models import OutboxMessage
from engagements.decisions import decisions_for
from engagements.domain.mark_stale import mark_stale
from engagements.domain.request_changes import request_changes
from engagements.domain.revoke_signature import revoke_signature
from engagements.domain.submit_gate import submit_gate
from engagements.models import Gate, Revocation, SignOff, StaleMark, Transition
from engagements.plan import signed_plan
from tests.engagements.journey import begin, gate_of, put_up, sign, signature_for
from tests.kept import kept
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


@kept
def signed(engagement, carl, ada):
    """Carl's signature on the plan; phase 2 runs."""
    begin(engagement, accepted_by=carl)
    return sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)


def revoke(signoff, *, actor, reason="The licence was not approved.", **changes):
    return revoke_signature(signoff, actor=actor, signature=signature_for(signoff.document, **changes), reason=reason)


def test_a_revocation_is_a_signed_act_and_the_signature_stays(signed, engagement, carl):
    revocation = revoke(signed, actor=carl)

    assert revocation.reference.startswith(f"R-{timezone.now().year}-")
    assert revocation.document_digest == signed.document_digest
    assert SignOff.objects.filter(pk=signed.pk).exists()
    assert gate_of(engagement, 1).state == "open"
    assert Transition.objects.first().step == "revoke_gate"
    assert list(verify_chain(signed.audit_chain)) == []


def test_what_the_signature_locked_is_unlocked(signed, engagement, carl, ada):
    assert signed_plan(engagement) == signed.document
    revoke(signed, actor=carl)

    assert signed_plan(engagement) is None
    with pytest.raises(GateClosed) as refusal:
        submit_gate(gate_of(engagement, 1), actor=ada)
    assert "A signature on version 1 was revoked. Freeze a new version." in refusal.value.reasons


def test_a_new_version_is_signed_and_takes_the_place_of_the_revoked_signature(signed, engagement, carl, ada):
    revoke(signed, actor=carl)

    again = sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    assert again.replaces == signed
    assert gate_of(engagement, 1).state == "signed"
    assert signed_plan(engagement) == again.document


def test_revoking_twice_writes_once(signed, carl):
    first = revoke(signed, actor=carl)
    mails = OutboxMessage.objects.count()

    assert revoke(signed, actor=carl) == first
    assert Revocation.objects.count() == 1
    assert OutboxMessage.objects.count() == mails


def test_only_whoever_signed_revokes(signed, engagement, petra):
    with pytest.raises(Refused, match="Only Carl Brandt"):
        revoke(signed, actor=petra)

    assert gate_of(engagement, 1).state == "signed"


@pytest.mark.parametrize("age", [None, timedelta(minutes=16)])
def test_a_revocation_needs_a_fresh_proof_of_identity(signed, engagement, carl, age):
    at = None if age is None else timezone.now() - age

    with pytest.raises(DomainError, match="Confirm who you are"):
        revoke(signed, actor=carl, authenticated_at=at)

    assert gate_of(engagement, 1).state == "signed"


def test_a_revocation_needs_a_reason(signed, engagement, carl):
    with pytest.raises(DomainError, match="Say why"):
        revoke(signed, actor=carl, reason=" ")

    assert not Revocation.objects.exists()


def test_another_digest_on_screen_is_refused(signed, carl):
    with pytest.raises(Conflict, match="Nothing was revoked"):
        revoke(signed, actor=carl, shown_digest="0" * 64)


def test_while_the_next_phase_is_out_for_signature_it_says_what_has_to_be_done_first(signed, engagement, carl, ada):
    second = put_up(engagement, 2, consultant=ada, customer=carl)

    with pytest.raises(GateClosed, match="Request changes on phase 2 first"):
        revoke(signed, actor=carl)
    request_changes(second, actor=carl, reason="Phase 1 is revoked.")
    revoke(signed, actor=carl)

    assert gate_of(engagement, 1).state == "open"


def test_a_signed_next_phase_has_to_be_revoked_first(signed, engagement, carl, ada):
    second = sign(put_up(engagement, 2, consultant=ada, customer=carl), signer=carl)

    with pytest.raises(GateClosed, match="The signature on phase 2 has to be revoked first"):
        revoke(signed, actor=carl)
    revoke(second, actor=carl)
    revoke(signed, actor=carl)

    assert [gate_of(engagement, number).state for number in (1, 2)] == ["open", "open"]


def test_a_phase_signed_further_on_has_to_be_revoked_first_though_the_one_between_is_open(
    signed, engagement, carl, ada
):
    sign(put_up(engagement, 2, consultant=ada, customer=carl), signer=carl)
    third = sign(put_up(engagement, 3, consultant=ada, customer=carl), signer=carl)
    Gate.objects.filter(engagement=engagement, number=2).update(state=Gate.State.OPEN)

    with pytest.raises(GateClosed, match="The signature on phase 3 has to be revoked first"):
        revoke(signed, actor=carl)
    revoke(third, actor=carl)
    revoke(signed, actor=carl)

    assert [gate_of(engagement, number).state for number in (1, 2, 3)] == ["open", "open", "open"]


def test_what_the_others_signed_does_not_hold_either_and_everybody_is_told(in_turns, engagement, carl, petra, ada):
    first = sign(in_turns, signer=carl)
    second = sign(in_turns, signer=petra, typed_name="Petra Lang")

    revoke(first, actor=carl)

    mark = StaleMark.objects.get()
    told = set(OutboxMessage.objects.filter(kind="signature_revoked").values_list("address", flat=True))
    assert mark.signoff == second
    assert mark.changes == [f"Carl Brandt revoked signature {first.reference}: The licence was not approved."]
    assert {carl.email, petra.email, ada.email} <= told


def test_a_first_of_two_signatures_can_be_revoked_before_the_second(in_turns, engagement, carl, petra):
    first = sign(in_turns, signer=carl)
    revoke(first, actor=carl)

    with pytest.raises(Conflict, match="nothing to sign now"):
        sign(in_turns, signer=petra, typed_name="Petra Lang")
    assert gate_of(engagement, 1).state == "open"


def test_the_database_takes_a_revocation_of_nobody_else_and_never_changes_one(signed, carl, petra):
    row = Revocation(signoff=signed, signed_by=petra, reason="x", signed_at=timezone.now())
    row.authenticated_at = timezone.now()
    with pytest.raises(IntegrityError, match="Only whoever signed"), transaction.atomic():
        row.save(force_insert=True)
    kept = revoke(signed, actor=carl)

    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Revocation.objects.update(reason="Never mind")


def test_the_page_asks_for_a_proof_and_keeps_what_was_typed(client, signed, engagement, carl):
    sign_in(client, carl, seconds_ago=3600)
    url = reverse("engagements:revoke", args=[signed.reference])
    typed = {
        "reason": "The licence was not approved.",
        "typed_name": "Carl Brandt",
        "role_title": "Head of engineering",
        "shown_digest": signed.document_digest,
    }

    asked = client.post(url, typed)
    sign_in(client, carl)
    again = client.get(url).content.decode()
    done = client.post(url, typed)

    receipt = client.get(reverse("engagements:receipt", args=[signed.reference])).content.decode()
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert "The licence was not approved." in again
    assert done.status_code == 302
    assert "This signature was revoked" in receipt
    assert Revocation.objects.get().reason == typed["reason"]


def test_receipt_and_revocation_keep_the_navigation_of_the_engagement(client, signed, engagement, carl):
    client.force_login(carl)
    documents = f'href="{reverse("engagements:documents", args=[engagement.code])}"'

    pages = [client.get(reverse(f"engagements:{name}", args=[signed.reference])) for name in ("receipt", "revoke")]

    assert [documents in page.content.decode() for page in pages] == [True, True]


def test_the_receipt_leads_to_the_revocation_for_whoever_signed_only(client, signed, carl, ada):
    url, offered = reverse("engagements:receipt", args=[signed.reference]), {}
    for person in (carl, ada):
        client.force_login(person)
        offered[person] = "Revoke this signature" in client.get(url).content.decode()

    assert offered == {carl: True, ada: False}


def test_the_next_phase_says_that_it_waits_and_what_of_it_holds(client, signed, engagement, carl, ada):
    client.force_login(carl)
    url = reverse("engagements:detail", args=[engagement.code])
    before = client.get(url)

    revoke(signed, actor=carl)
    after = client.get(url)
    put_up(engagement, 1, consultant=ada, customer=carl)
    sign(gate_of(engagement, 1).current_document, signer=carl)
    again = client.get(url)

    def labels(page):
        return [(phase.status.kind, phase.status.label) for phase in page.context["phases"][:2]]

    assert labels(before)[1] == labels(again)[1] == ("in_progress", "")
    assert labels(after) == [("problem", "Signature revoked"), ("blocked", "Waits for phase 1 to be signed again")]
    assert "What was done in phase 2 stays on record" in after.content.decode()
    assert "What was signed before does not hold" not in before.content.decode() + again.content.decode()


def test_a_signature_after_a_revocation_is_called_a_new_one(client, signed, engagement, carl, ada):
    revoke(signed, actor=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    sign_in(client, carl)

    asked = client.get(reverse("engagements:sign", args=[engagement.code, 1])).content.decode()
    again = sign(document, signer=carl)
    receipt = client.get(reverse("engagements:receipt", args=[again.reference])).content.decode()

    assert "That signature was revoked" in asked
    assert "takes its place" not in asked
    assert "Signed again after revoking" in receipt
    assert "Takes the place of" not in receipt


def test_a_revocation_waits_with_its_reason_for_the_team_and_is_owed_to_the_customer(
    client, signed, engagement, carl, ada
):
    revoke(signed, actor=carl)

    waits = decisions_for(ada)[0]
    client.force_login(carl)
    owed = client.get(reverse("home")).context["shown"][0]["owed"]
    page = client.get(reverse("engagements:gate", args=[engagement.code, 1])).content.decode()
    put_up(engagement, 1, consultant=ada, customer=carl)
    after = client.get(reverse("engagements:gate", args=[engagement.code, 1])).content.decode()

    assert waits.title == "The signature of phase 1 was revoked"
    assert waits.text == "Carl Brandt: “The licence was not approved.” A new version has to be frozen and signed."
    assert waits.url == reverse("reports:document", args=[engagement.code, 1]) + "#freeze"
    assert owed[0] == "A new version of phase 1 for signature"
    assert "The licence was not approved." in page
    assert "The licence was not approved." not in after
    assert not [one for one in decisions_for(ada) if one.action == "Freeze a new version"]


def test_records_that_moved_after_a_signature_wait_for_the_team(signed, engagement, ada, carl, facts):
    before = [one.title for one in decisions_for(ada)]
    facts["parameters"] = 43

    mark_stale(engagement, actor=ada)

    moved = decisions_for(ada)[0]
    assert "What phase 1 shows has changed since it was signed" not in before
    assert moved.title == "What phase 1 shows has changed since it was signed"
    assert moved.text == "Parameters: 41 is now 43. A new version has to be frozen and signed."
    assert not [one for one in decisions_for(carl) if one.title == moved.title]
