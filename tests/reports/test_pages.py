"""The page of a document: who reads what, what is missing, and how the building goes."""

import pytest
from django.urls import reverse

from core.jobs import run_job
from core.models import Job
from discovery.models import Finding
from engagements.models import FrozenDocument
from reports.domain.request_freeze import request_freeze
from tests.engagements.journey import put_up
from tests.reports.snapshots import MARKUP

pytestmark = pytest.mark.django_db


def address(name, engagement, number=1):
    return reverse(f"reports:{name}", args=[engagement.code, number])


@pytest.fixture
def sign_in(client, request):
    def as_person(name):
        if name != "nobody":
            client.force_login(request.getfixturevalue(name))
        return client

    return as_person


@pytest.mark.parametrize(
    ("name", "method", "expected"),
    [
        ("document", "get", {"nobody": 302, "otto": 404, "vera": 200, "carl": 200, "sam": 200, "ada": 200, "lea": 200}),
        ("build", "get", {"nobody": 302, "otto": 404, "vera": 403, "carl": 403, "sam": 403, "ada": 200, "lea": 200}),
        ("preview", "get", {"nobody": 302, "otto": 404, "vera": 403, "carl": 403, "sam": 403, "ada": 200}),
        ("freeze", "post", {"nobody": 302, "otto": 404, "vera": 403, "carl": 403, "sam": 403, "ada": 302, "lea": 302}),
    ],
)
def test_who_may(name, method, expected, begun, quick_paper, sign_in, client):
    answers = {}
    for person in expected:
        client.logout()
        answers[person] = getattr(sign_in(person), method)(address(name, begun)).status_code

    assert answers == expected


def test_nothing_is_frozen_on_get(begun, ada, client):
    client.force_login(ada)

    assert client.get(address("freeze", begun)).status_code == 405
    assert not Job.objects.filter(kind="freeze_document").exists()


def test_a_customer_reads_nothing_before_it_is_frozen(begun, carl, client):
    client.force_login(carl)

    page = client.get(address("document", begun)).content.decode()

    assert "Not frozen yet" in page
    assert "192.0.2.10" not in page


def test_the_consultant_reads_every_section_and_what_is_missing(begun, ada, client):
    client.force_login(ada)

    page = client.get(address("document", begun)).content.decode()

    for title in ("Executive summary", "What was read", "Findings", "Signatures"):
        assert title in page
    assert "192.0.2.10" in page
    assert "Task of Northlake Logistics: Owner named for each milter and script." in page
    assert "Build and freeze version 1" in page
    assert '<td data-label="What it does">' in page
    assert '<li class="box box--old box--half"><b>Postfix today</b><ul><li>' in page


def test_building_shows_its_progress_without_javascript(begun, gate, ada, client, quick_paper):
    client.force_login(ada)

    client.post(address("freeze", begun))
    waiting = client.get(address("document", begun)).content.decode()
    run_job(Job.objects.get(kind="freeze_document").pk)
    done = client.get(address("document", begun)).content.decode()

    document = FrozenDocument.objects.get()
    assert "See how far it is" in waiting
    assert "<progress" in waiting
    assert "Version 1 was frozen: 1 page." in done
    assert document.digest[:8] in done
    assert "There is nothing to freeze" in done
    assert "data-poll=" not in done


def test_a_failed_build_is_told_with_what_is_kept(begun, gate, ada, client):
    client.force_login(ada)
    job = request_freeze(gate, actor=ada)
    Job.objects.filter(pk=job.pk).update(
        state="failed", error_sentence="Section 7, Findings, could not be laid out.", finished_at=job.created_at
    )

    page = client.get(address("document", begun)).content.decode()

    assert "Section 7, Findings, could not be laid out." in page
    assert "Nothing was frozen." in page
    assert "Build and freeze version 1" in page


def test_the_customer_reads_what_is_out_for_signature(begun, ada, carl, client, quick_paper):
    put_up(begun, 1, consultant=ada, customer=carl)
    Finding.objects.filter(engagement=begun, number=1).update(title="Changed behind the frozen text")
    client.force_login(carl)

    page = client.get(address("document", begun)).content.decode()

    assert "Version 1, frozen" in page
    assert "192.0.2.10" in page
    assert "Changed behind the frozen text" not in page


def test_the_consultant_sees_what_changed_since_it_was_frozen(begun, gate, ada, client, quick_paper):
    run_job(request_freeze(gate, actor=ada).pk)
    Finding.objects.filter(engagement=begun, number=1).update(title="Another title")
    client.force_login(ada)

    page = client.get(address("document", begun)).content.decode()

    assert "is now Another title." in page
    assert "Build and freeze version 2" in page


def test_markup_out_of_a_configuration_stays_text_on_the_page(begun, ada, client):
    Finding.objects.filter(engagement=begun, number=1).update(evidence=MARKUP)
    client.force_login(ada)

    page = client.get(address("document", begun)).content.decode()

    assert MARKUP not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_record_of_a_later_phase_has_its_page(begun, ada, client):
    client.force_login(ada)

    page = client.get(address("document", begun, 2)).content.decode()

    assert "Record of phase 2" in page
    assert "Phase 2 has not begun" in page
