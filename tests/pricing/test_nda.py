"""The practice's NDA, signed by both sides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from core.origin import Origin, acting_from
from engagements.domain.perform import perform
from engagements.models import FrozenDocument
from engagements.signed_elsewhere import agreements_to
from pricing.models import Nda, NdaSignature
from pricing.nda_files import pdf_of
from pricing.nda_standing import standing_of
from tests.factories.nda import choose_our_nda, fetch, hand_over, sign, sign_both
from tests.pricing.nda_ways import actions

pytestmark = pytest.mark.django_db


def test_both_sides_sign_the_practices_text_over_its_bytes(bare, carl, sam):
    nda = choose_our_nda(bare, actor=carl)
    with acting_from(Origin("192.0.2.7", "Firefox", "", "password", "America/Bogota")):
        by_carl = sign(nda, carl)
    by_sam = sign(nda, sam)

    nda = fetch(nda)
    assert nda.state == Nda.State.SIGNED
    assert (by_carl.side, by_sam.side) == ("customer", "practice")
    assert by_carl.document_digest == by_sam.document_digest == nda.digest == nda.document.digest
    assert (by_carl.ip_address, by_carl.user_agent, by_carl.authentication) == ("192.0.2.7", "Firefox", "password")
    assert (by_carl.time_zone, by_carl.typed_name) == ("America/Bogota", "Carl Brandt")
    assert by_carl.reference.startswith("N-")
    assert actions(bare) == ["nda.asked", "nda.chosen", "nda.signed", "nda.signed", "nda.concluded"]
    assert AuditEvent.objects.get(data__reference=by_carl.reference).digest == by_carl.chain_digest


def test_the_practice_may_sign_first(bare, carl, lea):
    nda = choose_our_nda(bare, actor=carl)

    sign(nda, lea)

    assert fetch(nda).state == Nda.State.OPEN
    assert standing_of(bare).whose_turn == "Northlake Logistics has to sign."
    sign(nda, carl)
    assert fetch(nda).state == Nda.State.SIGNED


def test_the_same_text_is_put_up_once(bare, carl):
    first = choose_our_nda(bare, actor=carl)

    second = choose_our_nda(bare, actor=carl)

    assert second.pk == first.pk
    assert FrozenDocument.objects.filter(kind="nda").count() == 1


def test_the_frozen_text_names_both_sides(bare, carl):
    nda = choose_our_nda(bare, actor=carl)

    content = nda.document.snapshot
    assert content["parties"].startswith("Between Email Migration Practice (“the practice”) and Northlake Logistics")
    assert content["text_version"] == "2026-11"
    assert pdf_of(nda) == bytes(nda.document.pdf)


def test_signing_twice_gives_the_first_signature(bare, carl):
    nda = choose_our_nda(bare, actor=carl)
    first = sign(nda, carl)

    second = sign(nda, carl)

    assert second.pk == first.pk
    assert NdaSignature.objects.count() == 1


def test_one_signature_a_side_is_enough(bare, carl, sam, lea):
    nda = choose_our_nda(bare, actor=carl)
    sign(nda, sam)

    with pytest.raises(Conflict, match="Sam Ortiz signed this NDA on"):
        sign(nda, lea)

    assert NdaSignature.objects.count() == 1


@pytest.mark.parametrize("person", ["vera", "ada", "otto"])
def test_who_has_no_duty_signs_nothing(bare, carl, person, request):
    nda = choose_our_nda(bare, actor=carl)

    with pytest.raises(Refused):
        sign(nda, request.getfixturevalue(person))

    assert not NdaSignature.objects.exists()


def test_a_viewer_chooses_no_text(bare, vera):
    with pytest.raises(Refused, match="you may not sign the NDA"):
        choose_our_nda(bare, actor=vera)
    with pytest.raises(Refused, match="you may not sign the NDA"):
        hand_over(bare, actor=vera)

    assert not Nda.objects.exists()


def test_other_bytes_than_those_on_screen_are_not_signed(bare, carl):
    nda = choose_our_nda(bare, actor=carl)

    with pytest.raises(Conflict, match=r"is not that of this NDA\. Nothing was signed"):
        sign(nda, carl, shown_digest="0" * 64)

    assert not NdaSignature.objects.exists()


def test_a_text_that_was_replaced_is_not_signed(bare, carl):
    nda = choose_our_nda(bare, actor=carl)
    hand_over(bare, actor=carl)

    with pytest.raises(Conflict, match="at “Replaced”"):
        sign(nda, carl)

    assert not NdaSignature.objects.exists()
    assert agreements_to([nda.document])[nda.document_id].text == "Another text took its place; signed by nobody"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"authenticated_at": None}, "Confirm who you are once more"),
        ({"authenticated_at": timezone.now() - timedelta(hours=1)}, "Confirm who you are once more"),
        ({"typed_name": "  "}, "Type your full name"),
    ],
)
def test_a_signature_needs_a_name_and_a_fresh_proof(bare, carl, changes, sentence):
    nda = choose_our_nda(bare, actor=carl)

    with pytest.raises(DomainError, match=sentence):
        sign(nda, carl, **changes)

    assert not NdaSignature.objects.exists()


def test_what_is_signed_stays(bare, carl, sam):
    sign_both(bare, customer=carl, practice=sam)

    with pytest.raises(Conflict, match="signed by both sides since"):
        choose_our_nda(bare, actor=carl)
    with pytest.raises(Conflict, match="signed by both sides since"):
        hand_over(bare, actor=carl)

    assert Nda.objects.count() == 1


def test_nothing_is_chosen_or_signed_while_the_engagement_rests(bare, carl, lea):
    nda = choose_our_nda(bare, actor=carl)
    perform("hold", engagement=bare, actor=lea, note="Waiting for a budget.")

    with pytest.raises(Conflict, match="on hold"):
        sign(nda, carl)
    with pytest.raises(Conflict, match="on hold"):
        hand_over(bare, actor=carl)

    assert not NdaSignature.objects.exists()


def test_the_clock_stands_while_the_engagement_is_on_hold(bare, carl, lea, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    nda = choose_our_nda(bare, actor=carl)
    due = nda.clock_due_at
    perform("hold", engagement=bare, actor=lea, note="Waiting for a budget.")
    time_machine.move_to(start + timedelta(hours=60), tick=False)
    held = standing_of(fetch(nda).engagement).clock

    perform("resume", engagement=bare, actor=lea)

    assert (held.due_at, held.left, held.pause) == (None, timedelta(hours=48), "The engagement is on hold.")
    assert fetch(nda).clock_due_at == due + timedelta(hours=60)
