"""The NDA over the API: everything but the signature."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pricing.models import Nda
from tests.factories.nda import PDF, fetch, hand_over, sign_both
from tests.factories.pricing import work_off

pytestmark = pytest.mark.django_db


def route(name, engagement):
    return reverse(f"api:pricing:{name}", args=[engagement.code])


def test_it_says_where_the_nda_stands(client, bare, carl, sam):
    client.force_login(carl)
    before = client.get(route("nda", bare)).json()

    nda = sign_both(bare, customer=carl, practice=sam)

    after = client.get(route("nda", bare)).json()
    said = "Northlake Logistics has not chosen one yet."
    assert before == {"is_signed": False, "whose_turn": said, "nda": None, "paper": None}
    assert (after["is_signed"], after["whose_turn"], after["nda"]["digest"]) == (True, "", nda.digest)
    assert {row["side"] for row in after["nda"]["signatures"]} == {"customer", "practice"}
    assert client.get(route("nda_pdf", bare)).content == bytes(nda.document.pdf)


def test_a_customer_chooses_ours_or_hands_over_theirs(client, bare, carl):
    client.force_login(carl)

    ours = client.post(route("nda", bare), {"kind": "ours"}, content_type="application/json")
    work_off()
    up = client.get(route("nda", bare)).json()
    theirs = client.post(route("nda", bare), {"kind": "theirs", "pdf": SimpleUploadedFile("own.pdf", PDF)})

    assert (ours.status_code, ours.json()["nda"], ours.json()["paper"]["state"]) == (202, None, "queued")
    assert (up["nda"]["state"], up["paper"]["state"]) == ("open", "done")
    assert (theirs.status_code, theirs.json()["nda"]["state"]) == (201, "in_review")
    assert theirs.json()["nda"]["filename"] == "own.pdf"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "theirs"}, "Send the file as “pdf” in multipart/form-data."),
        ({"kind": "theirs", "pdf": SimpleUploadedFile("own.docx", b"PK")}, "The selected file must be a PDF."),
    ],
)
def test_what_is_no_pdf_is_refused(client, bare, carl, sent, sentence):
    client.force_login(carl)

    answer = client.post(route("nda", bare), sent)

    assert answer.status_code == 422
    assert answer.json()["reasons"] == [sentence]
    assert not Nda.objects.exists()


def test_the_practice_reviews(client, bare, carl, sam):
    nda = hand_over(bare, actor=carl)
    client.force_login(sam)

    sent = {"act": "send_back", "digest": nda.digest, "reason": "Not mutual."}
    other = client.post(route("nda_review", bare), sent | {"digest": "0" * 64}, content_type="application/json")
    back = client.post(route("nda_review", bare), sent, content_type="application/json")

    assert other.status_code == 409
    assert back.status_code == 200
    assert (fetch(nda).state, fetch(nda).note) == (Nda.State.SENT_BACK, "Not mutual.")


def test_a_lead_records_paper(client, bare, lea):
    client.force_login(lea)
    sent = {"pdf": SimpleUploadedFile("paper.pdf", PDF), "signed_on": "2026-02-03", "reason": "Signed at the fair."}

    answer = client.post(route("nda_paper", bare), sent)

    assert answer.status_code == 201
    assert (answer.json()["is_signed"], answer.json()["nda"]["kind"]) == (True, "paper")
    assert answer.json()["nda"]["signatures"] == []
