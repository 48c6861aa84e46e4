"""Building and freezing in the background: once, or not at all, and the last good version stays."""

import pytest
from django.urls import reverse

from core import documents
from core.errors import Conflict, DomainError, Refused
from core.jobs import run_job
from core.models import Job
from discovery.models import Finding
from engagements.domain.ask_question import ask_question
from engagements.domain.freeze_document import freeze_document, prepare_document
from engagements.domain.revoke_signature import revoke_signature
from engagements.models import FrozenDocument, Gate
from reports.domain.request_freeze import request_freeze
from tests.engagements.journey import gate_of, put_up, sign, signature_for
from tests.engagements.signers import colleague

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_paper")]


def build(gate, actor):
    job = request_freeze(gate, actor=actor)
    run_job(job.pk)
    job.refresh_from_db()
    return job


def fail_with(monkeypatch, error):
    def draw(snapshot):
        raise error

    monkeypatch.setattr(documents, "_renderers", dict.fromkeys(documents._renderers, draw))
    monkeypatch.setattr(documents, "_sealers", [lambda rendered: rendered])


def test_the_job_freezes_the_next_version_and_says_which(gate, ada):
    job = build(gate, ada)

    document = FrozenDocument.objects.get()
    gate.refresh_from_db()
    assert job.state == Job.State.DONE
    assert job.result == {"document": document.pk, "version": 1, "digest": document.digest, "pages": 1}
    assert (gate.current_document, document.frozen_by) == (document, ada)


def test_a_double_click_is_one_job_and_one_document(gate, ada):
    first, second = request_freeze(gate, actor=ada), request_freeze(gate, actor=ada)

    run_job(first.pk)
    run_job(second.pk)

    assert first == second
    assert FrozenDocument.objects.count() == 1


def test_what_says_the_same_is_not_frozen_twice(gate, ada):
    build(gate, ada)

    with pytest.raises(Conflict, match="Version 1 says what the records say"):
        request_freeze(gate, actor=ada)

    assert Job.objects.filter(kind="freeze_document").count() == 1


@pytest.mark.parametrize("person", ["carl", "vera", "sam"])
def test_only_those_who_freeze_may_ask_for_it(gate, person, request):
    with pytest.raises(Refused, match="freeze documents"):
        request_freeze(gate, actor=request.getfixturevalue(person))

    assert not Job.objects.filter(kind="freeze_document").exists()


def test_a_phase_that_has_not_begun_has_nothing_to_freeze(begun, ada):
    with pytest.raises(Conflict, match="Phase 2 has not begun"):
        request_freeze(gate_of(begun, 2), actor=ada)


def test_a_failed_build_names_its_reason_and_keeps_the_last_version(gate, ada, carl, monkeypatch):
    build(gate, ada)
    ask_question(gate.engagement, actor=carl, text="Which host first?")
    fail_with(monkeypatch, DomainError("Section 7, Findings, could not be laid out."))

    job = build(gate, ada)

    gate.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error_sentence == "Section 7, Findings, could not be laid out."
    assert gate.current_document.version == 1
    assert FrozenDocument.objects.count() == 1


def test_a_fault_is_tried_again_and_freezes_nothing_meanwhile(gate, ada, monkeypatch):
    fail_with(monkeypatch, RuntimeError("out of paper"))

    job = build(gate, ada)

    assert job.state == Job.State.QUEUED
    assert job.error_reference
    assert not FrozenDocument.objects.exists()


def test_records_that_move_while_it_is_built_stop_it(gate, ada, monkeypatch):
    plain = documents._renderers["plan"]

    def draw(snapshot):
        Finding.objects.filter(number=1).update(title="Somebody else was faster")
        return plain(snapshot)

    monkeypatch.setattr(documents, "_renderers", {**documents._renderers, "plan": draw})

    job = build(gate, ada)

    assert job.state == Job.State.FAILED
    assert "The records changed while the document was being built" in job.error_sentence
    assert "Findings by severity" in job.error_sentence
    assert "is now Somebody else was faster." in job.error_sentence
    assert not FrozenDocument.objects.exists()


def test_a_signer_who_joins_while_it_is_built_is_named(gate, ada, northlake, olga):
    prepared = prepare_document(gate)
    colleague("Finn Aalto", northlake, olga)

    with pytest.raises(Conflict) as refused:
        freeze_document(gate, prepared, actor=ada)

    assert refused.value.reasons[0].endswith("Nothing was frozen; build it again.")
    assert "Who signs: Finn Aalto is new." in refused.value.reasons
    assert not FrozenDocument.objects.exists()


def test_somebody_who_lost_the_right_meanwhile_freezes_nothing(gate, ada, begun):
    job = request_freeze(gate, actor=ada)
    ada.memberships.all().delete()

    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert not FrozenDocument.objects.exists()


def test_a_signed_version_that_still_holds_is_not_replaced(begun, ada, carl):
    sign(put_up(begun, 1, consultant=ada, customer=carl), signer=carl)

    with pytest.raises(Conflict, match="There is nothing to freeze"):
        request_freeze(gate_of(begun, 1), actor=ada)

    assert gate_of(begun, 1).state == Gate.State.SIGNED


def test_after_a_revocation_the_same_records_are_frozen_as_a_new_version_to_sign(client, begun, ada, carl):
    signed = sign(put_up(begun, 1, consultant=ada, customer=carl), signer=carl)
    revoke_signature(signed, actor=carl, signature=signature_for(signed.document), reason="Signed too early.")
    client.force_login(ada)
    url = reverse("reports:document", args=[begun.code, 1])

    page = client.get(url)
    offered = page.context["readiness"].can_freeze
    job = build(gate_of(begun, 1), ada)

    assert offered
    assert "Signed too early." in page.text
    assert "A signature on version 1 was revoked. Freeze a new version." in page.text
    assert "This page has the same text as the PDF; what is signed is the PDF." not in page.text
    assert "The signature was revoked" not in client.get(url).text
    assert job.state == Job.State.DONE
    assert gate_of(begun, 1).current_document.version == 2
    assert not client.get(url).context["readiness"].can_freeze
