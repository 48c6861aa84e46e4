"""The practice's NDA as it is printed, laid out for real."""

import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from pricing.nda_content import text_in_force
from tests.factories.nda import choose_our_nda

pytestmark = pytest.mark.django_db


@pytest.fixture
def quick_paper():
    """Here the paper is drawn by `reports` itself."""


def test_the_nda_has_two_pages_and_says_every_clause(bare, carl):
    nda = choose_our_nda(bare, actor=carl)

    reader = PdfReader(io.BytesIO(bytes(nda.document.pdf)))

    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert (len(reader.pages), nda.document.page_count) == (2, 2)
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert "Northlake Logistics (“the customer”)" in text
    assert [clause["title"] for clause in text_in_force(timezone.now())["clauses"] if clause["title"] not in text] == []
