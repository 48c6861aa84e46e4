"""An NDA of the customer's own, reviewed by the practice; one that was signed on paper."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, Refused
from core.models import OutboxMessage
from pricing.domain.review_nda import accept_nda, send_back_nda
from pricing.models import Nda, NdaFile, NdaSignature
from pricing.nda_files import pdf_of
from pricing.nda_standing import standing_of
from tests.factories.nda import PDF, choose_our_nda, fetch, hand_over, sign, sign_on_paper
from tests.pricing.nda_ways import actions, mails

pytestmark = pytest.mark.django_db


def test_the_customers_text_lies_sealed_and_waits_for_review(bare, carl):
    nda = hand_over(bare, actor=carl)

    assert (nda.kind, nda.state) == (Nda.Kind.THEIRS, Nda.State.IN_REVIEW)
    assert pdf_of(nda) == PDF
    assert b"%PDF" not in bytes(NdaFile.objects.get().sealed)
    assert mails("nda_asked") == ["lea@practice.example"]
    with pytest.raises(Conflict, match="In review"):
        sign(nda, carl)


def test_the_practice_accepts_it_and_both_sign(bare, carl, sam):
    nda = hand_over(bare, actor=carl)

    accept_nda(nda, actor=sam, shown_digest=nda.digest)
    sign(nda, carl)
    sign(nda, sam)

    assert fetch(nda).state == Nda.State.SIGNED
    assert mails("nda_to_sign") == ["carl@northlake.example"]
    assert actions(bare) == ["nda.uploaded", "nda.accepted", "nda.signed", "nda.signed", "nda.concluded"]


def test_the_practice_sends_it_back_with_a_reason(bare, carl, sam):
    nda = hand_over(bare, actor=carl)

    with pytest.raises(DomainError, match="Say what has to change"):
        send_back_nda(nda, actor=sam, reason=" ", shown_digest=nda.digest)
    send_back_nda(nda, actor=sam, reason="It is not mutual.", shown_digest=nda.digest)

    nda = fetch(nda)
    assert (nda.state, nda.note) == (Nda.State.SENT_BACK, "It is not mutual.")
    assert nda.clock_stopped_at == nda.reviewed_at
    assert standing_of(bare).nda is None
    assert "It is not mutual." in OutboxMessage.objects.get(kind="nda_sent_back").text


def test_a_customer_does_not_review_their_own_text(bare, carl):
    nda = hand_over(bare, actor=carl)

    with pytest.raises(Refused, match="reviewed by the practice"):
        accept_nda(nda, actor=carl, shown_digest=nda.digest)

    assert fetch(nda).state == Nda.State.IN_REVIEW


def test_a_review_is_of_the_text_that_was_read(bare, carl, sam):
    nda = hand_over(bare, actor=carl)
    later = hand_over(bare, actor=carl, content=PDF.replace(b"595 842", b"612 792"))

    with pytest.raises(Conflict, match="Nothing was changed"):
        accept_nda(nda, actor=sam, shown_digest=nda.digest)
    with pytest.raises(Conflict, match="Nothing was changed"):
        accept_nda(later, actor=sam, shown_digest=nda.digest)

    assert fetch(later).state == Nda.State.IN_REVIEW


def test_the_same_file_twice_is_one_nda(bare, carl):
    first = hand_over(bare, actor=carl)

    assert hand_over(bare, actor=carl).pk == first.pk


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 a Word file", "The selected file must be a PDF."),
        (b"<html>%PD F</html>", "The selected file must be a PDF."),
        (PDF[:60], "not whole"),
        (PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R"), "encrypted"),
        (PDF + b" " * 6_000_000, "must be smaller than 5 MB"),
    ],
)
def test_what_is_no_pdf_is_refused_with_a_sentence(bare, carl, lea, content, sentence):
    with pytest.raises(DomainError, match=sentence):
        hand_over(bare, actor=carl, content=content)

    assert not Nda.objects.exists()
    assert not NdaFile.objects.exists()


def test_a_lead_records_one_signed_on_paper_as_what_it_is(bare, lea, carl):
    nda = sign_on_paper(bare, lead=lea)

    assert (nda.state, nda.kind) == (Nda.State.SIGNED, Nda.Kind.PAPER)
    assert not NdaSignature.objects.exists()
    assert pdf_of(fetch(nda)) == PDF
    assert actions(bare) == ["nda.recorded"]
    assert mails("nda_recorded") == ["carl@northlake.example"]
    assert "outside the portal" in OutboxMessage.objects.get(kind="nda_recorded").text


@pytest.mark.parametrize("person", ["sam", "ada", "carl"])
def test_nobody_but_a_lead_records_paper(bare, person, request):
    with pytest.raises(Refused):
        sign_on_paper(bare, lead=request.getfixturevalue(person))

    assert not Nda.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": " "}, "Say why it was not signed in the portal"),
        ({"signed_on": timezone.localdate() + timedelta(days=3)}, "lies in the future"),
    ],
)
def test_paper_needs_a_reason_and_a_day_that_has_come(bare, lea, changes, sentence):
    with pytest.raises(DomainError, match=sentence):
        sign_on_paper(bare, lead=lea, **changes)

    assert not Nda.objects.exists()


def test_paper_takes_the_place_of_what_waits(bare, lea, carl):
    waiting = choose_our_nda(bare, actor=carl)

    sign_on_paper(bare, lead=lea)

    assert fetch(waiting).state == Nda.State.REPLACED
    with pytest.raises(Conflict, match="signed outside the portal is recorded since"):
        choose_our_nda(bare, actor=carl)
