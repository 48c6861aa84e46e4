"""The draft as page pictures: drawn by a worker, shown as they come, cleared away."""

import shutil
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from core.jobs import run_job
from core.models import Job
from discovery.models import Finding
from engagements.models import FrozenDocument
from reports import pictures
from reports.domain.clear_previews import clear_previews
from reports.domain.request_preview import request_preview
from reports.models import Preview, PreviewPage

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n"


def address(name, engagement, *more):
    return reverse(f"reports:{name}", args=[engagement.code, 1, *more])


@pytest.fixture
def quick_pictures(monkeypatch, quick_paper):
    monkeypatch.setattr("reports.domain.draw_preview.picture_of", lambda pdf, number: PNG + pdf[:8])


def draw(gate, actor):
    job = request_preview(gate, actor=actor)
    run_job(job.pk)
    job.refresh_from_db()
    return job


def test_it_is_asked_for_drawn_and_looked_at_without_javascript(begun, gate, ada, client, quick_pictures):
    client.force_login(ada)

    empty = client.get(address("preview", begun)).content.decode()
    client.post(address("preview_draw", begun))
    waiting = client.get(address("preview", begun)).content.decode()
    run_job(Job.objects.get(kind="draw_preview").pk)
    page = client.get(address("preview", begun)).content.decode()

    shown = Preview.objects.get()
    assert "Not drawn yet" in empty
    assert "Drawing the preview" in waiting
    assert "<progress" in waiting
    assert "data-poll=" in waiting
    assert "data-poll=" not in page
    picture = address("preview_page", begun, shown.pk, 1)
    assert f'<img src="{picture}" alt="Page 1 of 1"' in page
    assert client.get(picture).content.startswith(PNG)
    assert client.get(picture)["Cache-Control"].startswith("private")
    assert client.get(address("preview_pdf", begun, shown.pk))["Cache-Control"] == "no-store"
    assert not FrozenDocument.objects.filter(gate=gate).exists()


def test_pages_are_shown_while_the_others_are_drawn(begun, gate, ada, client, monkeypatch, quick_paper):
    client.force_login(ada)
    seen = []

    def look(pdf, number):
        seen.append(client.get(address("preview", begun)).content.decode().count("<img"))
        return PNG

    monkeypatch.setattr("reports.domain.draw_preview.picture_of", look)
    monkeypatch.setattr("reports.domain.draw_preview.render_draft", lambda gate, draft: three_pages())

    job = draw(gate, ada)

    assert (job.state, job.result) == ("done", {"pages": 3})
    assert seen == [0, 1, 2]
    assert client.get(address("preview", begun)).content.decode().count("<img") == 3


def three_pages():
    from core.documents import RenderedDocument

    return RenderedDocument(pdf=b"%PDF", page_count=3)


def test_a_new_one_takes_the_place_of_the_last_only_when_it_is_complete(begun, gate, ada, monkeypatch, quick_pictures):
    draw(gate, ada)
    first = Preview.objects.get()
    kept = []

    def look(pdf, number):
        kept.append(Preview.objects.filter(pk=first.pk).exists())
        return PNG

    monkeypatch.setattr("reports.domain.draw_preview.picture_of", look)
    draw(gate, ada)

    assert kept == [True]
    assert Preview.objects.get().pk != first.pk
    assert PreviewPage.objects.count() == 1


def test_an_attempt_that_was_killed_leaves_no_second_set(begun, gate, ada, quick_pictures):
    job = request_preview(gate, actor=ada)
    left = Preview.objects.create(
        gate=gate, job=job, pdf=b"%PDF", page_count=9, content_digest="0" * 64, made_by=ada, made_at=timezone.now()
    )
    PreviewPage.objects.create(preview=left, number=1, png=PNG)

    run_job(job.pk)

    assert not Preview.objects.filter(pk=left.pk).exists()
    assert [page.number for page in Preview.objects.get(job=job).pages.all()] == [1]


def test_it_says_when_the_records_changed_since(begun, gate, ada, client, quick_pictures):
    draw(gate, ada)
    client.force_login(ada)

    before = client.get(address("preview", begun)).content.decode()
    Finding.objects.filter(engagement=begun, number=1).update(title="Another title")
    after = client.get(address("preview", begun)).content.decode()

    assert "The records changed since" not in before
    assert "The records changed since" in after


def test_without_the_program_it_says_what_to_install_and_keeps_the_pdf(
    begun, gate, ada, client, monkeypatch, quick_paper
):
    monkeypatch.setattr(pictures.shutil, "which", lambda program: None)
    client.force_login(ada)

    job = draw(gate, ada)
    page = client.get(address("preview", begun)).content.decode()

    assert (job.state, job.attempts) == ("failed", 1)
    assert "poppler-utils" in page
    assert address("preview_pdf", begun, Preview.objects.get().pk) in page


def test_a_redraw_that_failed_hides_no_complete_preview(begun, gate, ada, client, monkeypatch, quick_pictures):
    draw(gate, ada)
    complete = Preview.objects.get()
    monkeypatch.setattr("reports.domain.draw_preview.render_draft", lambda gate, draft: three_pages())
    monkeypatch.setattr("reports.domain.draw_preview.picture_of", fail_at_the_second)
    client.force_login(ada)

    job = draw(gate, ada)
    page = client.get(address("preview", begun)).content.decode()

    assert job.state == "failed"
    assert Preview.objects.count() == 2
    assert "The preview was not drawn" in page
    assert address("preview_page", begun, complete.pk, 1) in page


def fail_at_the_second(pdf, number):
    if number == 2:
        raise DomainError("The second page cannot be drawn.")
    return PNG


def test_a_look_at_how_far_it_is_puts_no_draft_together(begun, gate, ada, client, quick_pictures):
    draw(gate, ada)
    request_preview(gate, actor=ada)
    client.force_login(ada)

    with CaptureQueriesContext(connection) as asked:
        polled = client.get(address("preview", begun), headers={"X-Requested-With": "poll"})

    assert "Drawing the preview" in polled.content.decode()
    assert not [query for query in asked.captured_queries if "discovery_finding" in query["sql"]]


def test_old_ones_are_cleared_away(begun, gate, ada, time_machine, quick_pictures):
    draw(gate, ada)

    at_once = clear_previews()
    time_machine.move_to(timezone.now() + timedelta(days=8))
    later = clear_previews()

    assert (at_once, later) == (0, 1)
    assert not PreviewPage.objects.exists()


@pytest.mark.parametrize("person", ["vera", "carl", "sam"])
def test_who_may_not_freeze_has_none_drawn(begun, person, client, request):
    client.force_login(request.getfixturevalue(person))

    answers = [client.get(address("preview", begun)), client.post(address("preview_draw", begun))]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not Job.objects.filter(kind="draw_preview").exists()


def test_real_pages_become_real_pictures(begun, gate, ada):
    assert shutil.which("pdftoppm"), "pdftoppm is missing: type apt-get install poppler-utils"

    job = draw(gate, ada)

    shown = Preview.objects.get()
    assert job.state == "done", job.error_sentence
    assert shown.page_count >= 25
    assert [page.number for page in shown.pages.all()] == list(range(1, shown.page_count + 1))
    assert all(bytes(page.png).startswith(PNG) for page in shown.pages.all())
    assert len({bytes(page.png) for page in shown.pages.all()}) == shown.page_count
