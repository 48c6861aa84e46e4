"""A job is done once, whatever happens to the worker, the message or the code."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import DomainError
from core.jobs import Handle, LeaseLost, run_job, sweep
from core.models import Job

BEFORE = timedelta(hours=1)


def lost_its_worker(row):
    """As a worker leaves it that was killed."""
    Job.objects.filter(pk=row.pk).update(
        state="running", attempts=1, lease_token=uuid.uuid4(), lease_expires_at=timezone.now() - BEFORE
    )


def raising(error):
    def half(*_):
        raise error

    return half


class OutOfReach(BaseException):
    """As WeasyPrint's FatalURLFetchingError: no Exception."""


def test_a_job_is_applied_and_done_with_its_result(queued, subject):
    assert run_job(queued.pk)

    queued.refresh_from_db()
    subject.refresh_from_db()
    assert (queued.state, queued.result, queued.attempts) == ("done", {"value": 3}, 1)
    assert queued.lease_token is None
    assert queued.created_at <= queued.started_at <= queued.finished_at
    assert subject.value == 3


def test_a_message_that_comes_twice_does_the_work_once(queued, subject):
    run_job(queued.pk)

    assert not run_job(queued.pk)

    subject.refresh_from_db()
    assert subject.value == 3


def test_a_job_that_a_living_worker_holds_is_left_alone(queued, subject):
    Job.objects.filter(pk=queued.pk).update(
        state="running", attempts=1, lease_token=uuid.uuid4(), lease_expires_at=timezone.now() + BEFORE
    )

    assert not run_job(queued.pk)
    assert sweep() == []

    subject.refresh_from_db()
    assert subject.value == 0


def test_a_job_whose_worker_died_is_taken_by_the_next(queued, subject):
    lost_its_worker(queued)

    assert run_job(queued.pk)

    queued.refresh_from_db()
    subject.refresh_from_db()
    assert (queued.state, queued.attempts, subject.value) == ("done", 2, 3)


def test_a_worker_that_lost_its_lease_while_working_changes_nothing(queued, subject, kind, monkeypatch):
    def prepare(self, handle):
        Job.objects.filter(pk=queued.pk).update(lease_token=uuid.uuid4(), attempts=2)
        return 3

    monkeypatch.setattr(kind, "prepare", prepare)

    run_job(queued.pk)

    queued.refresh_from_db()
    subject.refresh_from_db()
    assert (queued.state, queued.result, subject.value) == ("running", None, 0)


def test_progress_of_a_worker_that_lost_its_lease_stops_it(queued, kind, monkeypatch):
    heard = []

    def prepare(self, handle):
        Job.objects.filter(pk=queued.pk).update(lease_token=uuid.uuid4())
        with pytest.raises(LeaseLost):
            handle.progress(1, 2, "Half")
        heard.append("stopped")

    monkeypatch.setattr(kind, "prepare", prepare)

    run_job(queued.pk)

    queued.refresh_from_db()
    assert heard == ["stopped"]
    assert queued.progress_sentence == ""


def test_an_effect_does_not_outlive_a_failure_after_it(queued, subject, kind, monkeypatch):
    apply = kind.apply

    def apply_and_fail(self, handle, result):
        apply(self, handle, result)
        raise ValueError

    monkeypatch.setattr(kind, "apply", apply_and_fail)

    run_job(queued.pk)

    queued.refresh_from_db()
    subject.refresh_from_db()
    assert (queued.state, subject.value) == ("queued", 0)


def test_a_refusal_of_the_domain_fails_the_job_at_once_with_its_sentences(queued, kind, monkeypatch):
    monkeypatch.setattr(kind, "prepare", raising(DomainError("The file is empty.", "Send another.")))

    run_job(queued.pk)

    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == ("failed", 1)
    assert (queued.error_sentence, queued.error_reference) == ("The file is empty. Send another.", "")
    assert kind.given_up == ("The file is empty.", "Send another.")


@pytest.mark.parametrize("error", [ValueError("secret detail"), OutOfReach("secret detail")])
def test_any_other_error_is_tried_again_later_and_fails_with_a_reference(queued, kind, monkeypatch, error):
    monkeypatch.setattr(kind, "prepare", raising(error))

    run_job(queued.pk)

    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == ("queued", 1)
    assert queued.available_at > timezone.now()
    assert not run_job(queued.pk), "it backs off"

    for _ in range(2):
        Job.objects.filter(pk=queued.pk).update(available_at=timezone.now() - BEFORE)
        assert run_job(queued.pk)

    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == ("failed", 3)
    assert queued.error_sentence.endswith(f"reference {queued.error_reference}.")
    assert "secret" not in queued.error_sentence
    assert len(kind.given_up) == 1


def test_an_error_in_giving_up_does_not_hide_the_failure(queued, kind, monkeypatch):
    monkeypatch.setattr(kind, "prepare", raising(DomainError("No.")))
    monkeypatch.setattr(kind, "give_up", raising(ValueError()))

    run_job(queued.pk)

    queued.refresh_from_db()
    assert (queued.state, queued.error_sentence) == ("failed", "No.")


def test_progress_is_shown_and_the_lease_extended(queued, kind, monkeypatch):
    seen = []

    def prepare(self, handle):
        Job.objects.filter(pk=queued.pk).update(lease_expires_at=timezone.now())
        handle.progress(2, 5, "Reading main.cf")
        seen.append(Job.objects.get(pk=queued.pk))
        return 1

    monkeypatch.setattr(kind, "prepare", prepare)

    run_job(queued.pk)

    (row,) = seen
    assert (row.progress_done, row.progress_total, row.progress_sentence) == (2, 5, "Reading main.cf")
    assert row.percent == 40
    assert row.lease_expires_at > timezone.now() + timedelta(seconds=20)


def test_progress_writes_a_few_times_a_second_and_the_end_always(queued, django_assert_num_queries):
    handle = Handle(queued)
    Job.objects.filter(pk=queued.pk).update(
        state="running", attempts=1, lease_token=uuid.uuid4(), lease_expires_at=timezone.now()
    )
    handle.job.refresh_from_db()

    with django_assert_num_queries(2):
        for step in range(1000):
            handle.progress(step, 1000)
        handle.progress(1000, 1000)


def test_progress_does_not_belong_into_apply(queued, kind, monkeypatch):
    monkeypatch.setattr(kind, "apply", lambda self, handle, result: handle.progress(1, 2))

    run_job(queued.pk)

    queued.refresh_from_db()
    assert queued.state == "queued"
