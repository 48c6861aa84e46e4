"""Several signers: in which order they sign, and who may stand in for whom."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.give_membership import give_membership
from core.audit import verify_chain
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from engagements.decisions import decisions_for
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.request_changes import request_changes
from engagements.domain.submit_gate import submit_gate
from engagements.models import Delegation, RequiredSigner, SignOff
from engagements.signing_order import signers_of_gate
from tests.engagements.journey import begin, do_tasks, gate_of, put_up, sign
from tests.engagements.test_pages import typed
from tests.factories.accounts import end_membership
from tests.factories.engagements import delegate_signature
from tests.proof import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def asked():
    return list(OutboxMessage.objects.filter(kind="sign_request").order_by("pk").values_list("address", flat=True))


def test_only_whose_turn_it_is_is_asked(in_turns, carl, petra):
    assert asked() == ["carl@northlake.example"]
    assert [decision.title for decision in decisions_for(carl)] == ["Sign phase 1"]
    assert decisions_for(petra) == []


def test_out_of_turn_nobody_signs_and_is_told_whom_it_waits_for(in_turns, petra):
    with pytest.raises(Conflict, match="waits for Carl Brandt first"):
        sign(in_turns, signer=petra, typed_name="Petra Lang")

    assert not SignOff.objects.exists()


def test_the_next_turn_is_asked_once_the_one_before_it_has_signed(in_turns, engagement, carl, petra):
    sign(in_turns, signer=carl)
    between = gate_of(engagement, 1).state

    assert asked() == ["carl@northlake.example", "petra@northlake.example"]
    assert [decision.title for decision in decisions_for(petra)] == ["Sign phase 1"]
    sign(in_turns, signer=petra, typed_name="Petra Lang")
    assert (between, gate_of(engagement, 1).state) == ("submitted", "signed")
    assert asked() == ["carl@northlake.example", "petra@northlake.example"]


def test_those_of_one_turn_sign_in_any_order(engagement, carl, petra, ada):
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)

    sign(document, signer=petra, typed_name="Petra Lang")
    sign(document, signer=carl)

    assert gate_of(engagement, 1).state == "signed"


def test_a_turn_that_is_no_turn_asks_nobody(engagement, carl, ada):
    begin(engagement, accepted_by=carl)
    do_tasks(engagement, 1, consultant=ada, customer=carl)
    gate = gate_of(engagement, 1)
    freeze_document(gate, prepare_document(gate), actor=ada)

    with pytest.raises(DomainError, match="counted from 1 to 9"):
        submit_gate(gate_of(engagement, 1), actor=ada, turns={carl.pk: 0})

    assert gate_of(engagement, 1).state == "open"
    assert asked() == []


def written(document, signer):
    return SignOff(
        reference="S-2026-9999",
        gate=document.gate,
        document=document,
        document_digest=document.digest,
        signed_by=signer,
        signed_at=timezone.now(),
        authenticated_at=timezone.now(),
        chain_digest="0" * 64,
    )


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("petra", "Somebody else signs first"),
        ("vera", "Only somebody who was asked signs"),
        ("ada", "Nobody of the consultancy signs for a customer"),
    ],
)
def test_the_database_takes_no_signature_of_the_wrong_person(in_turns, person, said, request):
    row = written(in_turns, request.getfixturevalue(person))

    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        row.save(force_insert=True)

    assert not SignOff.objects.exists()


def test_the_database_lets_nobody_of_the_consultancy_be_named_as_a_signer(in_turns, lea, ada):
    row = RequiredSigner(gate=in_turns.gate, document=in_turns, user=lea, named_by=ada, named_at=timezone.now())

    with pytest.raises(IntegrityError, match="Nobody of the consultancy"), transaction.atomic():
        row.save()


def test_the_database_lets_nobody_ask_themselves(in_turns, vera):
    row = RequiredSigner(gate=in_turns.gate, document=in_turns, user=vera, named_by=vera, named_at=timezone.now())

    with pytest.raises(IntegrityError, match="named_by_another"), transaction.atomic():
        row.save()


def test_a_colleague_with_the_duty_signs_in_ones_place_and_both_are_named(
    in_turns, engagement, carl, petra, finn, client
):
    sign(in_turns, signer=carl)
    delegate_signature(in_turns, actor=petra, to=finn, reason="On leave until 7 December.")
    signoff = sign(in_turns, signer=finn, typed_name="Finn Aalto")

    client.force_login(carl)
    receipt = client.get(reverse("engagements:receipt", args=[signoff.reference])).content.decode()
    assert gate_of(engagement, 1).state == "signed"
    assert "<bdi>Petra Lang</bdi>, who handed it over" in receipt
    assert "On leave until 7 December." in receipt
    assert AuditEvent.objects.filter(action="gate.signature_delegated").count() == 1
    assert list(verify_chain(in_turns.audit_chain)) == []


def test_whoever_handed_over_cannot_sign_any_more(in_turns, carl, finn):
    delegate_signature(in_turns, actor=carl, to=finn, reason="On leave.")

    with pytest.raises(Refused, match="waits for Finn Aalto, Petra Lang"):
        sign(in_turns, signer=carl)

    assert not SignOff.objects.exists()


def test_the_deputy_takes_over_the_turn_and_is_asked_when_it_comes(in_turns, carl, petra, finn):
    delegate_signature(in_turns, actor=petra, to=finn, reason="On leave.")
    before = asked()
    sign(in_turns, signer=carl)

    assert before == ["carl@northlake.example"]
    assert asked() == ["carl@northlake.example", "finn@northlake.example"]
    assert (
        "Petra Lang handed it over to you: On leave."
        in OutboxMessage.objects.get(kind="sign_request", address=finn.email).text
    )


def test_a_colleague_without_the_duty_cannot_stand_in_and_who_gives_it_is_named(in_turns, carl, vera):
    with pytest.raises(DomainError, match="Vera Holm does not have the duty to sign phase 1"):
        delegate_signature(in_turns, actor=carl, to=vera, reason="On leave.")

    assert not Delegation.objects.exists()


def test_nobody_gives_two_of_the_signatures_a_document_asks_for(in_turns, carl, petra):
    with pytest.raises(DomainError, match="signs this document anyway"):
        delegate_signature(in_turns, actor=carl, to=petra, reason="On leave.")

    assert not Delegation.objects.exists()


@pytest.mark.parametrize("person", ["ada", "otto"])
def test_nobody_of_another_house_stands_in(in_turns, carl, person, request):
    with pytest.raises(DomainError, match="does not have the duty"):
        delegate_signature(in_turns, actor=carl, to=request.getfixturevalue(person), reason="On leave.")

    assert not Delegation.objects.exists()


def test_handing_over_needs_a_reason(in_turns, carl, finn):
    with pytest.raises(DomainError, match="Say why"):
        delegate_signature(in_turns, actor=carl, to=finn, reason="  ")

    assert not Delegation.objects.exists()


def test_what_is_signed_or_not_out_any_more_cannot_be_handed_over(in_turns, carl, petra, finn):
    sign(in_turns, signer=carl)
    with pytest.raises(Conflict, match="signed this document already"):
        delegate_signature(in_turns, actor=carl, to=finn, reason="On leave.")
    request_changes(in_turns, actor=petra, reason="Name the window.")

    with pytest.raises(Conflict, match="nothing to hand over"):
        delegate_signature(in_turns, actor=petra, to=finn, reason="On leave.")

    assert not Delegation.objects.exists()


def test_only_whose_signature_is_asked_hands_it_over(in_turns, finn):
    with pytest.raises(Refused, match="does not wait for your signature"):
        delegate_signature(in_turns, actor=finn, to=finn, reason="On leave.")


def test_a_new_version_goes_to_the_deputy_until_it_is_handed_back(in_turns, engagement, carl, petra, finn, ada, facts):
    delegate_signature(in_turns, actor=carl, to=finn, reason="On leave.")
    facts["parameters"] = 43
    second = put_up(engagement, 1, consultant=ada, customer=carl)
    named = {row.user for row in second.required_signers.all()}
    delegate_signature(second, actor=finn, to=carl, reason="Carl is back.")

    assert named == {finn, petra}
    assert set(signers_of_gate(gate_of(engagement, 1))) == {carl, petra}


def test_the_duty_goes_with_the_signature_so_that_who_handed_over_may_leave(in_turns, northlake, carl, finn, olga):
    delegate_signature(in_turns, actor=carl, to=finn, reason="Leaves the company.")

    with pytest.raises(Conflict, match="waits for the signature of Finn Aalto"):
        end_membership(finn.memberships.get(), actor=olga)
    end_membership(carl.memberships.get(), actor=olga)

    assert not northlake.memberships.filter(user=carl).exists()


def test_somebody_who_lost_the_duty_meanwhile_does_not_sign(in_turns, northlake, carl, olga):
    give_membership(carl, organization=northlake, role="viewer", actor=olga)
    carl = type(carl).objects.get(pk=carl.pk)

    with pytest.raises(Refused, match="has not given you that duty"):
        sign(in_turns, signer=carl)

    assert not SignOff.objects.exists()


def test_the_consultant_sets_the_order_on_the_page(client, engagement, carl, petra, ada):
    begin(engagement, accepted_by=carl)
    do_tasks(engagement, 1, consultant=ada, customer=carl)
    gate = gate_of(engagement, 1)
    document = freeze_document(gate, prepare_document(gate), actor=ada)
    client.force_login(ada)
    url = reverse("engagements:submit", args=[engagement.code, 1])

    asked = client.get(url).content.decode()
    silent = client.post(url, {f"turn-{carl.pk}": "2"})
    wrong = client.post(url, {f"turn-{carl.pk}": "3", f"turn-{petra.pk}": "1"})
    right = client.post(url, {f"turn-{carl.pk}": "2", f"turn-{petra.pk}": "1"})

    assert (silent.status_code, wrong.status_code, right.status_code) == (422, 422, 302)
    assert "(optional)" not in asked
    assert "Choose when Petra Lang signs." in silent.content.decode()
    rows = document.required_signers.values_list("user__full_name", "turn")
    assert list(rows) == [("Petra Lang", 1), ("Carl Brandt", 2)]


def test_the_page_says_whom_a_signer_waits_for_and_offers_no_button(client, in_turns, engagement, petra):
    sign_in(client, petra)
    url = reverse("engagements:sign", args=[engagement.code, 1])

    page = client.get(url).content.decode()
    refused = client.post(url, typed(in_turns, typed_name="Petra Lang", role_title="CFO"))

    assert "This waits for Carl Brandt first." in page
    assert 'type="submit">Sign phase 1' not in page
    assert refused.status_code == 409
    assert not SignOff.objects.exists()


def test_handing_over_on_the_page_offers_those_with_the_duty(client, in_turns, engagement, carl, finn):
    client.force_login(carl)
    url = reverse("engagements:delegate", args=[engagement.code, 1])

    page = client.get(url).content.decode()
    empty = client.post(url, {"to": "", "reason": ""})
    done = client.post(url, {"to": finn.pk, "reason": "On leave."})

    assert "Finn Aalto" in page
    assert "Petra Lang</option>" not in page
    assert (empty.status_code, done.status_code) == (422, 302)
    assert Delegation.objects.get().given_to == finn


def test_who_signs_already_is_named_in_place_of_nobody(client, in_turns, engagement, carl):
    client.force_login(carl)

    page = client.get(reverse("engagements:delegate", args=[engagement.code, 1])).content.decode()

    assert "Petra Lang signs this document already." in page
    assert "Nobody else" not in page
    assert "Carl Brandt signs" not in page
