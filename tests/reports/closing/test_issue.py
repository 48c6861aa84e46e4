"""The close report as a document: who may ask for it and when, what is filed, and that it is in the pack."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from core.audit import describe
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, Job
from engagements.models import FrozenDocument
from reports.closing.content import close_content
from reports.domain.issue_close_report import ISSUE_CLOSE_REPORT, request_close_report
from reports.handoff.contents import pack_handoff
from reports.rendering import render_kind
from tests.engagements.journey import begin, gate_of, put_up, sign
from tests.factories.pricing import finish_well
from tests.factories.traffic import with_phase

pytestmark = pytest.mark.django_db


def make(engagement, *, actor, language="en"):
    job = finish_well(request_close_report(engagement, language=language, actor=actor))
    return FrozenDocument.objects.get(pk=job.result["document"])


def asked_for(engagement):
    return Job.objects.of(engagement).filter(kind=ISSUE_CLOSE_REPORT)


def test_it_is_filed_once_a_language_and_anew_when_the_records_say_something_else(closing, quick_paper, ada):
    english, spanish = make(closing, actor=ada), make(closing, actor=ada, language="es")

    with pytest.raises(Conflict, match="Version 1 in English says what the records say"):
        request_close_report(closing, language="en", actor=ada)
    closing.schedule.filter(number=1).update(planned_end="2027-01-31")
    again = make(closing, actor=ada)

    assert [one.reference.removeprefix(closing.code) for one in (english, spanish)] == ["-CLOSE-EN", "-CLOSE-ES"]
    assert (english.version, spanish.version, again.version) == (1, 1, 2)
    assert (english.language, spanish.language) == ("en", "es")
    event = AuditEvent.objects.get(action="document.close_report_issued", subject_id=str(spanish.pk))
    assert describe(event) == f"The close report (Español), version 1, was filed, SHA-256 {spanish.digest}"


def test_it_is_in_the_pack_which_stays_the_same_to_the_byte(closing, quick_paper, ada):
    document = make(closing, actor=ada)

    first, second = pack_handoff(closing)[0], pack_handoff(closing)[0]

    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as pack:
        assert pack.read(f"documents/{closing.code}-CLOSE-EN-v1.pdf") == bytes(document.pdf)
        snapshot = json.loads(pack.read(f"documents/{closing.code}-CLOSE-EN-v1.json"))
        rows = json.loads(pack.read("engagement.json"))["tables"]["documents"]
    assert snapshot["way_back"]["returns"][0]["took"] == 240
    assert [row["version"] for row in rows if row["kind"] == "close_report"] == [1]


def test_it_is_made_from_phase_5_on_in_a_known_language_and_by_the_practice(engagement, ada, carl):
    with pytest.raises(Conflict, match="made from phase 5 on"):
        request_close_report(engagement, language="en", actor=ada)
    with_phase(engagement, "monitoring")
    with pytest.raises(DomainError, match="written in English or Español"):
        request_close_report(engagement, language="de", actor=ada)
    with pytest.raises(Refused):
        request_close_report(engagement, language="en", actor=carl)

    assert not asked_for(engagement).exists()


def test_the_last_signature_has_it_made_in_the_language_of_what_was_signed(
    engagement, lenient_gates, quick_paper, ada, carl
):
    begin(engagement, accepted_by=carl)
    for number in range(1, 6):
        if number == 5:
            engagement.gates.filter(number=5).update(language="es")
        assert not asked_for(engagement).exists()
        sign(put_up(engagement, number, consultant=ada, customer=carl), signer=carl)
    engagement.refresh_from_db()

    document = FrozenDocument.objects.get(pk=finish_well(asked_for(engagement).get()).result["document"])

    assert engagement.phase == "completed"
    assert gate_of(engagement, 5).state == "signed"
    assert (document.reference, document.language) == (f"{engagement.code}-CLOSE-ES", "es")
    assert document.snapshot["is_over"]
    assert [gate["number"] for gate in document.snapshot["gates"] if gate["signed_at"]] == [1, 2, 3, 4, 5]


def test_whoever_reads_the_documents_opens_it_and_the_team_has_it_made(client, closing, quick_paper, ada, vera):
    page = reverse("handoff:list", args=[closing.code])
    client.force_login(ada)
    before = client.get(page).content.decode()
    client.post(reverse("handoff:report", args=[closing.code]), {"language": "en"})
    finish_well(asked_for(closing).get())
    document = FrozenDocument.objects.get(kind="close_report")

    client.force_login(vera)
    after = client.get(page).content.decode()
    opened = client.get(reverse("engagements:document_pdf", args=[closing.code, document.pk]))

    assert "No report was made yet." in before
    assert 'value="es"' in before
    assert "Close report, version 1" in after
    assert 'name="language"' not in after
    assert opened.status_code == 200
    listed = client.get(reverse("engagements:documents", args=[closing.code])).content.decode()
    assert "Sealed by the portal" in listed


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_is_laid_out_in_both_languages(closing, language):
    content = close_content(closing, language)
    stamp = {"reference": "E-1-CLOSE", "version": 1, "organization": "Northlake Logistics"}
    stamp |= {"snapshot_digest": "ab" * 32, "made_at": "2026-11-27T09:00:00+00:00"}

    drawn = render_kind("close_report", {"stamp": stamp, "content": content})

    assert drawn.pdf.startswith(b"%PDF")
    assert drawn.page_count > 3
