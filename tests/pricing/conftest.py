"""Quotes of Northlake in each state. Their PDF is drawn by `reports`; here it is a few bytes that name the content."""

import json

import pytest

from core import documents
from core.documents import RenderedDocument
from tests.factories.engagements import make_engagement
from tests.factories.pricing import make_accepted_quote, make_draft, make_request, make_sent_quote
from tests.kept import kept


@pytest.fixture(autouse=True)
def quick_paper(monkeypatch):
    """The layout of paper has tests of its own; these are about what is put on it."""

    def draw(snapshot):
        return RenderedDocument(pdf=json.dumps(snapshot, sort_keys=True).encode(), page_count=1)

    monkeypatch.setattr(documents, "_renderers", {"quote": draw, "stay_advice": draw, "nda": draw})
    monkeypatch.setattr(documents, "_sealers", [lambda rendered: rendered])


@kept
def request_of_northlake(northlake, sam):
    return make_request(northlake, actor=sam)


@kept
def draft(northlake, sam):
    return make_draft(northlake, actor=sam)


@kept
def sent(northlake, sam, carl):
    return make_sent_quote(northlake, actor=sam)


@kept
def accepted(northlake, sam, carl):
    return make_accepted_quote(northlake, actor=sam, signatory=carl)


@kept
def bare(northlake, sam, lea, ada):
    """Northlake's engagement without an NDA."""
    return make_engagement(northlake, sales=sam, lead=lea, consultants=[ada], has_nda=False)
