"""The PDF of a revision: drawn by a worker, anew after each approval, and handed out when it says all of them."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from core.documents import RenderedDocument
from core.jobs import run_job
from core.models import AuditEvent, Job
from reports.domain.approve_runbook import approve_runbook
from reports.domain.request_runbook_paper import draw_runbook
from reports.models import RunbookPaper

pytestmark = pytest.mark.django_db

KEY = "selector_rotation"


def url(name, engagement, *more):
    return reverse(f"runbooks:{name}", args=[engagement.code, *more])


def read(client, address):
    return client.get(address).content.decode()


def test_the_pdf_is_drawn_by_a_worker_and_then_there(client, named, drawn, vera):
    client.force_login(vera)
    missing = client.get(url("pdf", named, KEY, 1)).status_code

    client.post(url("paper", named, KEY), {"digest": drawn[KEY].digest})
    waiting = read(client, url("runbook", named, KEY))
    run_job(Job.objects.get(kind="draw_runbook").pk)
    answer = client.get(url("pdf", named, KEY, 1))

    assert missing == 404
    assert "Drawing the PDF" in waiting
    assert answer["Content-Type"] == "application/pdf"
    assert RunbookPaper.objects.get().page_count == len(PdfReader(BytesIO(answer.content)).pages)
    assert "PDF of revision 1" in read(client, url("runbook", named, KEY))


def test_what_was_drawn_before_an_approval_is_drawn_anew_and_stays_what_it_was(client, named, drawn, carl, vera):
    revision = drawn[KEY]
    client.force_login(vera)
    client.post(url("paper", named, KEY), {"digest": revision.digest})
    run_job(Job.objects.get(kind="draw_runbook").pk)
    early = bytes(RunbookPaper.objects.get().pdf)

    approve_runbook(revision, actor=carl)
    page, gone = read(client, url("runbook", named, KEY)), client.get(url("pdf", named, KEY, 1))
    run_job(Job.objects.filter(kind="draw_runbook", state="queued").get().pk)
    text = paper_text(RenderedDocument(client.get(url("pdf", named, KEY, 1)).content, page_count=1))

    assert "Drawing the PDF" in page
    assert gone.status_code == 404
    assert f"Approved for the customer by {carl} on" in text
    assert "Not approved" not in text
    assert [paper.approval_count for paper in RunbookPaper.objects.order_by("pk")] == [0, 1]
    assert bytes(RunbookPaper.objects.earliest("pk").pdf) == early
    assert AuditEvent.objects.filter(action="runbook.drawn").count() == 2


def test_approvals_that_come_while_it_is_drawn_are_on_the_pdf_that_is_handed_out(
    client, named, drawn, carl, lea, vera, monkeypatch
):
    revision, approvers = drawn[KEY], iter([carl, lea])
    client.force_login(vera)
    client.post(url("paper", named, KEY), {"digest": revision.digest})

    def draw_and_approve(one):
        rendered = draw_runbook(one)
        for person in approvers:
            approve_runbook(one, actor=person)
        return rendered

    monkeypatch.setattr("reports.domain.request_runbook_paper.draw_runbook", draw_and_approve)
    run_job(Job.objects.get(kind="draw_runbook").pk)
    page, early = read(client, url("runbook", named, KEY)), client.get(url("pdf", named, KEY, 1))
    for job in Job.objects.unfinished():
        run_job(job.pk)
    text = paper_text(RenderedDocument(client.get(url("pdf", named, KEY, 1)).content, page_count=1))

    assert "Drawing the PDF" in page
    assert early.status_code == 404
    assert f"Approved for the customer by {carl} on" in text
    assert f"Approved for the consultancy by {lea} on" in text
    assert [paper.approval_count for paper in RunbookPaper.objects.order_by("pk")] == [0, 2]
    assert not Job.objects.filter(kind="draw_runbook").exclude(state="done").exists()


def test_an_approval_draws_nothing_that_nobody_asked_for(drawn, carl):
    approve_runbook(drawn[KEY], actor=carl)

    assert not Job.objects.filter(kind="draw_runbook").exists()


def test_the_pdf_says_who_had_approved_it_when_it_was_drawn(drawn, carl):
    before = paper_text(draw_runbook(drawn[KEY]))
    approve_runbook(drawn[KEY], actor=carl)

    after = paper_text(draw_runbook(drawn[KEY]))

    assert "Not approved. As it stood on" in before
    assert f"Approved for the customer by {carl} on" in after
    assert "Not approved" not in after


def paper_text(rendered):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(rendered.pdf)).pages).split())
