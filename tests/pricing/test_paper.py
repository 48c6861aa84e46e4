"""The quote as it is printed, laid out for real."""

import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from core.audit import digest_of
from core.documents import render_document
from core.wording import amount_text
from pricing.calculation.terms import Reduction
from pricing.domain.give_terms import Seen, give_discount
from pricing.domain.send_quote import draft_digest
from pricing.revisions import quote_snapshot
from tests.factories.pricing import (
    MULTI_IP,
    STAY,
    advise_stay,
    fetch,
    make_draft,
    make_request,
    make_sent_quote,
    send_quote,
)
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick_paper():
    """Here the paper is drawn by `reports` itself."""


def read(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(pdf))).pages).split())


@pytest.mark.parametrize("points", [MULTI_IP, STAY])
def test_a_quote_fits_on_two_pages_and_its_amounts_are_those_of_the_record(northlake, sam, carl, points):
    sent = make_sent_quote(northlake, actor=sam, points=points)

    text = read(sent.document.pdf)

    assert sent.document.page_count <= 2
    assert sent.number in text
    assert quote_snapshot(sent)["total"] in text
    assert quote_snapshot(sent)["valid_until"] in text
    assert "Considered and rejected" in text


def test_the_same_snapshot_is_drawn_to_the_same_bytes(northlake, sam, carl):
    sent = make_sent_quote(northlake, actor=sam)

    again = render_document("quote", quote_snapshot(sent))

    assert bytes(sent.document.pdf).startswith(again.pdf)  # the seal is appended to them


def test_the_advice_to_stay_fits_on_one_page(northlake, sam, carl):
    request = make_request(northlake, actor=sam, points=STAY)

    document = advise_stay(request, actor=sam, note="One stream, one IP.")

    assert document.page_count == 1
    assert "Nothing has been charged." in read(document.pdf)


@kept
def discounted(northlake, sam, carl):
    """Multi-IP with 5 % off, as it was sent."""
    draft = make_draft(northlake, actor=sam)
    seen = Seen("A second migration", draft_digest(draft))
    draft = give_discount(draft, actor=sam, reduction=Reduction(percent=Decimal(5)), seen=seen)
    return fetch(send_quote(fetch(draft), actor=sam, shown_digest=draft_digest(draft)))


def test_every_amount_on_paper_is_one_of_the_records(discounted):
    text = read(discounted.document.pdf)

    lines = list(discounted.lines.all())
    assert sum(line.amount.amount for line in lines) == discounted.total.amount == Decimal("27075.00")
    for line in lines:
        assert f"{line.description} {amount_text(line.amount)}" in text
    assert f"Total fixed fee {amount_text(discounted.total)}" in text


def test_it_is_tagged_with_a_title_a_language_and_its_headings(discounted):
    reader = PdfReader(io.BytesIO(bytes(discounted.document.pdf)))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == f"Quote {discounted.reference} for Northlake Logistics"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_refund_exclusions_and_the_fingerprint_of_the_records_are_printed(discounted):
    text, snapshot = read(discounted.document.pdf), discounted.document.snapshot

    assert "USD 24,675 of USD 27,075" in snapshot["refund"]
    for sentence in (snapshot["refund"], *snapshot["exclusions"]):
        assert sentence in text
    content = {key: value for key, value in snapshot.items() if key != "content_digest"}
    assert snapshot["content_digest"] == digest_of(content)
    assert snapshot["content_digest"] in text.replace(" ", "")
    assert "“Verify a document”" in text


def test_neither_reason_nor_approver_of_a_discount_is_printed(discounted):
    assert "A second migration" not in read(discounted.document.pdf)
    assert "A second migration" not in str(discounted.document.snapshot)
