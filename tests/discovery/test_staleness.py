"""A document that was frozen over the findings no longer holds once they change."""

from dataclasses import asdict

import pytest

from core import documents
from core.documents import RenderedDocument
from discovery.domain.accept_finding import accept_finding, accept_findings
from discovery.domain.add_dossier import add_dossier
from discovery.domain.add_stream import add_stream
from discovery.domain.answer_finding import FindingAnswer, answer_finding
from discovery.domain.complete_dossier import confirm_reading
from discovery.domain.dismiss_finding import dismiss_finding
from discovery.domain.import_components import import_components
from discovery.domain.lock_dossier import DossierFacts
from discovery.domain.open_dossiers import open_dossiers
from discovery.domain.remove_stream import remove_stream
from discovery.domain.settle_stream import StreamText, settle_stream
from discovery.domain.undo_review import undo_batch, undo_review
from discovery.queries import estate_of
from engagements import content, gates
from engagements.models import StaleMark
from tests.engagements.journey import begin, gate_of, put_up, sign
from tests.factories.discovery import MAIN_CF, SMALL_ESTATE, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan_over_the_estate(monkeypatch):
    """Gate 1 asks for nothing else, and its plan prints the estate."""
    own = {key: known for key, known in gates._checks.items() if known.is_own}
    monkeypatch.setattr(gates, "_checks", own)
    monkeypatch.setattr(gates, "_for_steps", {})
    monkeypatch.setattr(content, "_contents", {})
    monkeypatch.setattr(documents, "_renderers", {})
    monkeypatch.setattr(documents, "_sealers", [lambda rendered: rendered])
    gates.check(1, 2, 3, 4, 5, key="always", title="Always holds")(lambda engagement: [])
    for kind in ("plan", "phase_record"):
        content.register_content(kind, lambda gate: asdict(estate_of(gate.engagement)))
        documents.register_renderer(kind, lambda snapshot: RenderedDocument(pdf=b"plan", page_count=1))


def _first(engagement):
    return engagement.findings.by_severity().first()


def _accept(engagement, ada):
    accept_finding(_first(engagement), actor=ada, version=1)


def _accept_several(engagement, ada):
    accept_findings(engagement, versions={_first(engagement).number: 1}, actor=ada)


def _dismiss(engagement, ada):
    dismiss_finding(_first(engagement), actor=ada, version=1, reason="intended")


def _answer(engagement, ada):
    answer_finding(_first(engagement), actor=ada, version=1, answer=FindingAnswer("C", "Tags.", "Lua."))


def _add(engagement, ada):
    add_dossier(engagement, facts=DossierFacts(kind="script", name="bounces.pl"), actor=ada)


def _confirm(engagement, ada):
    confirm_reading(engagement.dossiers.get(kind="milter"), actor=ada, version=1, keys=["inputs"])


def _upload(engagement, ada):
    files = SMALL_ESTATE | {"etc/postfix/main.cf": MAIN_CF.replace("192.0.2.10", "192.0.2.99")}
    read(engagement, actor=ada, files=files)


def _mark(engagement, ada):
    settle_stream(engagement.streams.get(number=1), actor=ada, version=1, text=StreamText("Bulk", route="migrate"))


def _remove(engagement, ada):
    remove_stream(engagement.streams.get(number=1), actor=ada, version=1)


def _add_stream(engagement, ada):
    add_stream(engagement, actor=ada, text=StreamText("Paper mill"))


def _import(engagement, ada):
    import_components(engagement, filename="own.csv", content=b"kind,name\nmilter,tagger\n", actor=ada)


CHANGES = [_accept, _accept_several, _dismiss, _answer, _add, _confirm, _upload, _mark, _remove, _add_stream, _import]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_closes_the_signed_gate_again(plan_over_the_estate, engagement, ada, carl, change):
    read(engagement, actor=ada)
    begin(engagement, accepted_by=carl)
    document = put_up(engagement, 1, consultant=ada, customer=carl)
    sign(document, signer=carl)

    change(engagement, ada)

    assert gate_of(engagement, 1).state == "open"
    assert StaleMark.objects.filter(signoff__document=document).count() == 1


@pytest.mark.parametrize("is_batch", [True, False])
def test_taking_a_review_back_closes_it_too(plan_over_the_estate, engagement, ada, carl, is_batch):
    read(engagement, actor=ada)
    begin(engagement, accepted_by=carl)
    accepted = accept_findings(engagement, versions={_first(engagement).number: 1}, actor=ada)
    put_up(engagement, 1, consultant=ada, customer=carl)

    if is_batch:
        undo_batch(engagement, batch=accepted.batch, actor=ada)
    else:
        undo_review(accepted.findings[0], actor=ada, version=2)

    assert gate_of(engagement, 1).state == "open"


def test_a_customer_who_uploads_closes_it_in_their_own_name(plan_over_the_estate, engagement, ada, carl):
    read(engagement, actor=ada)
    begin(engagement, accepted_by=carl)
    put_up(engagement, 1, consultant=ada, customer=carl)

    read(engagement, actor=carl, files={"etc/postfix/main.cf": MAIN_CF})

    assert gate_of(engagement, 1).state == "open"


@pytest.mark.parametrize("is_new", [True, False])
def test_opening_dossiers_closes_it_when_there_is_one_to_open(plan_over_the_estate, engagement, ada, carl, is_new):
    read(engagement, actor=ada)
    begin(engagement, accepted_by=carl)
    if is_new:
        engagement.dossiers.filter(kind="milter").delete()  # as if the upload were older than the reading of milters
    put_up(engagement, 1, consultant=ada, customer=carl)

    open_dossiers(engagement, actor=ada)

    assert gate_of(engagement, 1).state == ("open" if is_new else "submitted")
