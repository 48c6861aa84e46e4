import json

import pytest

from accounts.domain.give_membership import give_membership
from core import documents
from core.documents import RenderedDocument
from tests.factories.accounts import UserFactory
from tests.kept import kept
from tests.laws.world import build_world
from tests.reports.conftest import lenient_gates  # noqa: F401 (a fixture)


@pytest.fixture
def plain_paper(monkeypatch, lenient_gates):  # noqa: F811 (a fixture asks for it)
    """Documents in milliseconds: their content instead of a drawing of it."""

    def draw(snapshot):
        return RenderedDocument(pdf=json.dumps(snapshot, sort_keys=True, default=str).encode(), page_count=1)

    monkeypatch.setattr(documents, "_renderers", dict.fromkeys(documents._renderers, draw))
    monkeypatch.setattr(documents, "_sealers", [lambda rendered: rendered])


@kept
def world(northlake, carl, vera, ada, lea, sam, olga, plain_paper):
    return build_world(northlake=northlake, carl=carl, vera=vera, ada=ada, lea=lea, sam=sam, olga=olga)


@kept
def cora(northlake, olga):
    """Customer contributor."""
    contributor = UserFactory(full_name="Cora Lind", email="cora@northlake.example")
    give_membership(contributor, organization=northlake, role="contributor", actor=olga)
    return contributor
