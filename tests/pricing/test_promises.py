"""What pages promise is what the book says: no text repeats a number."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from pricing.calculation import books, clock_book
from tests.pricing.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def another_promise(monkeypatch):
    """Three working days, counted in the practice's hours."""
    read = books.read_file
    limits = [row | {"value": 27} if row["key"] == "answer_hours" else row for row in read("thresholds.yaml")]
    clocks = read("clocks.yaml") | {"kinds": [row | {"kind": "business"} for row in read("clocks.yaml")["kinds"]]}
    changed = {"thresholds.yaml": limits, "clocks.yaml": clocks}
    for module in (books, clock_book):
        monkeypatch.setattr(module, "read_file", lambda name: changed.get(name) or read(name))
    for cached in (books.book_on, clock_book.hours_on):
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in (books.book_on, clock_book.hours_on):
        cached.cache_clear()


def drawn(words):
    return Template("{% load promises %}" + words).render(Context())


def test_the_promise_is_the_books(consultancy):
    assert drawn("{% answer_promise %}, warned at {% threshold 'last_warning_hours' %}") == "48 hours, warned at 4"


def test_another_promise_reads_otherwise_on_every_page(client, another_promise, sam):
    client.force_login(sam)

    internal = text_of(client.get(reverse("pricing:request_new")))
    public = text_of(client.get(reverse("start:begin")))

    assert "Four data points, 27 working hours" in internal
    assert "fixed-fee quote within 27 working hours" in public
    assert "48 hours" not in internal + public
