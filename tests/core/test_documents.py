"""Drawing a document takes seconds: nobody who waits for a page waits for that."""

import pytest

from core import documents
from core.documents import RenderedDocument, render_document, render_sealed
from core.origin import Origin, acting_from


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """The snapshots that were drawn."""
    seen = []

    def draw(snapshot):
        seen.append(snapshot)
        return RenderedDocument(pdf=b"%PDF", page_count=1)

    monkeypatch.setattr(documents, "_renderers", {"quote": draw})
    monkeypatch.setattr(documents, "_sealers", [lambda rendered: rendered])
    return seen


@pytest.mark.parametrize("render", [render_document, render_sealed])
def test_a_web_request_draws_no_document(render, drawn):
    with acting_from(Origin("192.0.2.7")), pytest.raises(RuntimeError, match="drawn by a worker"):
        render("quote", {})

    assert drawn == []


def test_a_worker_does(drawn):
    rendered = render_document("quote", {"total": "USD 1"})

    assert (rendered.page_count, drawn) == (1, [{"total": "USD 1"}])
