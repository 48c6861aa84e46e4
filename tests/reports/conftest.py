"""Northlake's engagement with a configuration that was read, and gates that only ask for the document and the tasks."""

import pytest

from core import documents
from core.documents import RenderedDocument
from engagements import gates
from engagements.models import Gate
from tests.engagements.journey import begin
from tests.factories import discovery
from tests.kept import kept


@pytest.fixture
def lenient_gates(monkeypatch):
    """The spine's own checks and one that always holds: what the other apps ask for is their tests' business."""
    monkeypatch.setattr(gates, "_checks", {key: known for key, known in gates._checks.items() if known.is_own})
    monkeypatch.setattr(gates, "_for_steps", {})
    gates.check(1, 2, 3, 4, 5, key="always", title="Always holds")(lambda engagement: [])


@pytest.fixture
def quick_paper(monkeypatch):
    """Documents in milliseconds: the registered content, with its digest for a PDF."""

    def draw(snapshot):
        return RenderedDocument(pdf=repr(sorted(snapshot["stamp"].items())).encode(), page_count=1)

    monkeypatch.setattr(documents, "_renderers", dict.fromkeys(documents._renderers, draw))
    monkeypatch.setattr(documents, "_sealers", [lambda rendered: rendered])


@kept
def begun(engagement, carl, ada, lenient_gates):
    """In discovery, with the small estate read."""
    begin(engagement, accepted_by=carl)
    discovery.read(engagement, actor=ada)
    return engagement


@kept
def gate(begun):
    return Gate.objects.select_related("engagement__organization", "current_document").get(engagement=begun, number=1)
