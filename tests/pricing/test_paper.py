"""The quote as it is printed, laid out for real."""

import io

import pytest
from pypdf import PdfReader

from core.documents import render_document
from pricing.domain.advise_stay import advise_stay
from pricing.revisions import quote_snapshot
from tests.factories.pricing import MULTI_IP, STAY, make_request, make_sent_quote

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
