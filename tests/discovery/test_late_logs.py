"""A mail log that comes when the plan is out for signature or signed: nobody opens phase 1 again without knowing it."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from core.errors import DomainError
from discovery.domain.receive_log import receive_log
from discovery.models import LogReading, UnreadFile
from tests.engagements.journey import begin, gate_of, put_up, sign
from tests.factories.discovery import MAIL_LOG

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(engagement, lenient_gates, quick_paper, ada, carl):
    """Its plan is out for signature."""
    begin(engagement, accepted_by=carl)
    put_up(engagement, 1, consultant=ada, customer=carl)
    return engagement


def sent(**more):
    file = SimpleUploadedFile("mail.log", MAIL_LOG.encode())
    return {"host_label": "mta1", "zone": "UTC", "log": file, **more}


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_log_under_a_plan_that_is_out_is_taken_only_where_reopening_is_meant(planned, as_ada, carl, is_signed):
    if is_signed:
        sign(gate_of(planned, 1).current_document, signer=carl)
    address, state = reverse("discovery:volumes", args=[planned.code]), gate_of(planned, 1).state

    page = as_ada.get(address).content.decode()
    refused = as_ada.post(address, sent())
    by_program = as_ada.post(reverse("api:discovery:volumes", args=[planned.code]), sent())
    left = [LogReading.objects.count(), UnreadFile.objects.count(), gate_of(planned, 1).state]
    taken = as_ada.post(address, sent(is_reopening="on"))

    assert "Open phase 1 again" in page
    assert "has to be frozen and signed anew" in page
    assert refused.status_code == by_program.status_code == 422
    assert "Nothing was kept of this log." in strip_tags(refused.content.decode())
    assert "Nothing was kept of this log." in by_program.content.decode()
    assert left == [0, 0, state]
    assert taken.status_code == 302
    assert LogReading.objects.count() == 1


def test_of_a_log_that_would_reopen_the_plan_nothing_is_read_before_it_is_refused(planned, ada):
    content = BytesIO(MAIL_LOG.encode())

    with pytest.raises(DomainError, match="Nothing was kept of this log"):
        receive_log(planned, filename="mail.log", content_file=content, host_label="mta1", zone="UTC", actor=ada)

    assert content.tell() == 0


def test_a_plan_that_goes_out_while_a_log_is_stored_keeps_it_out_too(planned, ada, monkeypatch):
    answers = iter([False, True])  # before it is stored, and under the lock
    monkeypatch.setattr("discovery.domain.receive_log.is_plan_out", lambda _: next(answers))
    content = BytesIO(MAIL_LOG.encode())

    with pytest.raises(DomainError, match="Nothing was kept of this log"):
        receive_log(planned, filename="mail.log", content_file=content, host_label="mta1", zone="UTC", actor=ada)

    assert content.tell() > 0
    assert [LogReading.objects.count(), UnreadFile.objects.count()] == [0, 0]


def test_a_program_says_that_reopening_is_meant(planned, as_ada):
    answer = as_ada.post(reverse("api:discovery:volumes", args=[planned.code]), sent(is_reopening="true"))

    assert answer.status_code == 201
    assert LogReading.objects.count() == 1


def test_nothing_is_asked_while_no_plan_is_out(engagement, as_ada):
    address = reverse("discovery:volumes", args=[engagement.code])

    page = as_ada.get(address).content.decode()
    taken = as_ada.post(address, sent())

    assert "Open phase 1 again" not in page
    assert taken.status_code == 302
