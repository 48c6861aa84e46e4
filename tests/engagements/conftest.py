"""A gate that can be passed without the apps above: one check that always holds, one short document."""

import pytest

from core import documents
from core.documents import RenderedDocument
from engagements import content, gates
from engagements.domain.export_evidence import export_evidence
from tests.engagements.journey import begin, put_up, sign
from tests.engagements.signers import finn, in_turns, petra  # noqa: F401 (fixtures)
from tests.kept import kept


@pytest.fixture
def facts():
    """The records a document speaks of; a test changes them to make it stale."""
    return {"parameters": 41, "target": "PowerMTA"}


@pytest.fixture
def open_gates(monkeypatch, facts):
    """Register for every gate what the apps above register: a check that holds, a document, a way to draw it."""
    monkeypatch.setattr(gates, "_checks", {key: known for key, known in gates._checks.items() if known.is_own})
    monkeypatch.setattr(gates, "_for_steps", {})
    monkeypatch.setattr(content, "_contents", {})
    monkeypatch.setattr(documents, "_renderers", {})
    monkeypatch.setattr(documents, "_sealers", [lambda rendered: rendered])
    gates.check(1, 2, 3, 4, 5, key="always", title="Always holds")(lambda engagement: [])
    for kind in ("plan", "phase_record"):
        content.register_content(kind, lambda gate: {"gate": gate.number, **facts})
        documents.register_renderer(
            kind, lambda snapshot: RenderedDocument(pdf=repr(sorted(snapshot["stamp"].items())).encode(), page_count=1)
        )


@kept
def signed(engagement, open_gates, ada, carl):
    """Phase 1 signed by Carl."""
    begin(engagement, accepted_by=carl)
    return sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)


@pytest.fixture
def taken(signed, lea, tmp_path):
    """A pack on disk, as its owner would keep it."""
    path = tmp_path / "evidence.zip"
    path.write_bytes(export_evidence(signed.document.engagement, actor=lea).content)
    return path
