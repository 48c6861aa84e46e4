"""The references are those that pydyf makes, for every number of pages a document has meanwhile."""

import pytest
from pydyf import PDF, Dictionary

from reports.page_references import install, page_references


@pytest.fixture
def pdf():
    install()
    return PDF()


def test_they_are_the_numbers_of_the_pages(pdf):
    assert pdf.page_references == ()

    for expected in range(1, 4):
        pdf.add_page(Dictionary({"Type": "/Page"}))

        numbers = [page.number for page in pdf.objects if getattr(page, "get", lambda _: None)("Type") == "/Page"]
        assert pdf.page_references == tuple(f"{number} 0 R".encode() for number in numbers)
        assert len(pdf.page_references) == expected


def test_they_are_made_once_for_as_many_pages(pdf):
    pdf.add_page(Dictionary({"Type": "/Page"}))

    assert page_references(pdf) is page_references(pdf)
