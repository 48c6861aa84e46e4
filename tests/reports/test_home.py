"""What a gate's document puts on people's home pages."""

import pytest
from django.utils import timezone

from core.jobs import run_job
from core.models import Job
from engagements.decisions import decisions_for
from reports.domain.open_review import open_review
from reports.domain.request_freeze import request_freeze

pytestmark = pytest.mark.django_db


def about_documents(person):
    return [one for one in decisions_for(person) if "/document/" in one.url]


def test_a_draft_in_review_waits_for_its_readers_until_it_is_frozen(begun, gate, ada, carl, vera, quick_paper):
    before = about_documents(carl)
    open_review(gate, actor=ada)
    (read,) = about_documents(carl)
    (looked_after,) = about_documents(ada)
    of_the_viewer = about_documents(vera)

    run_job(request_freeze(gate, actor=ada).pk)

    assert before == []
    assert (read.title, read.action) == ("A draft is in review: Migration plan", "Read it and comment")
    assert "Version 1, opened by Ada Quint" in read.text
    assert "0 comments are open" in read.text
    assert looked_after.action == "Open the draft"
    assert of_the_viewer == []
    assert about_documents(carl) == []


def test_a_failed_build_waits_for_the_team_until_one_succeeds(begun, gate, ada, carl, quick_paper):
    job = request_freeze(gate, actor=ada)
    Job.objects.filter(pk=job.pk).update(
        state="failed", error_sentence="These pages do not fit.", finished_at=timezone.now()
    )
    (failed,) = about_documents(ada)
    of_the_customer = about_documents(carl)

    run_job(request_freeze(gate, actor=ada).pk)

    assert (failed.title, failed.text) == ("The document of phase 1 was not built", "These pages do not fit.")
    assert of_the_customer == []
    assert about_documents(ada) == []
