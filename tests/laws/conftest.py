import json

import pytest

from core import documents
from core.documents import RenderedDocument
from tests.laws.world import build_world
from tests.reports.conftest import lenient_gates  # noqa: F401 (a fixture)


@pytest.fixture
def plain_paper(monkeypatch):
    """Documents in milliseconds: their content instead of a drawing of it."""

    def draw(snapshot):
        return RenderedDocument(pdf=json.dumps(snapshot, sort_keys=True, default=str).encode(), page_count=1)

    monkeypatch.setattr(documents, "_renderers", dict.fromkeys(documents._renderers, draw))
    monkeypatch.setattr(documents, "_sealers", [lambda rendered: rendered])


@pytest.fixture
def world(northlake, request, lenient_gates, plain_paper):  # noqa: F811 (a fixture asks for it)
    people = {name: request.getfixturevalue(name) for name in ("carl", "vera", "ada", "lea", "sam", "olga")}
    return build_world(northlake=northlake, **people)
