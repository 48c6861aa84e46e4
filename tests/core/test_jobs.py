"""A job is done once, whatever happens to the worker, the message or the code."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import tasks
from core.errors import DomainError
from core.jobs import Handle, JobKind, LeaseLost, enqueue, job, run_job, sweep
from core.jobs.kinds import _kinds
from core.models import Counter, Job

BEFORE = timedelta(hours=1)


@pytest.fixture
def kind():
    """A kind whose halves the test fills in; `given_up` holds the reasons it was told."""

    @job("try_it", label="Trying it")
    class TryIt(JobKind):
        given_up = ()

        def prepare(self, handle):
            return handle.arguments.get("add", 1)

        def apply(self, handle, result):
            counter = handle.subject
            counter.value += result
            counter.save()
            return {"value": counter.value}

        def give_up(self, *told):
            type(self).given_up = tuple(told[1])

    yield TryIt
    del _kinds["try_it"]


@pytest.fixture
def subject(db):
    return Counter.objects.create(name="jobs")


@pytest.fixture
def queued(kind, subject):
    return enqueue("try_it", subject=subject, actor=None, add=3)


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


def test_one_key_has_one_unfinished_job(kind, subject):
    first = enqueue("try_it", subject=subject, actor=None, key="once")
    again = enqueue("try_it", subject=subject, actor=None, key="once")
    run_job(first.pk)
    later = enqueue("try_it", subject=subject, actor=None, key="once")

    assert again.pk == first.pk
    assert later.pk != first.pk


def test_a_kind_nobody_registered_is_refused(subject):
    with pytest.raises(KeyError):
        enqueue("unheard_of", subject=subject, actor=None)

    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_work_is_asked_for_in_a_transaction_only(kind):
    subject = Counter.objects.create(name="jobs")

    with pytest.raises(RuntimeError):
        enqueue("try_it", subject=subject, actor=None)

    assert not Job.objects.exists()


def test_the_worker_is_told_after_the_commit(kind, subject, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(tasks.run_job_task, "delay", told.append)

    with django_capture_on_commit_callbacks() as callbacks:
        row = enqueue("try_it", subject=subject, actor=None)
    assert told == []
    for callback in callbacks:
        callback()

    assert told == [row.pk]


def test_a_broker_that_is_away_does_not_hurt_the_request(
    kind, subject, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(tasks.run_job_task, "delay", raising(OSError("no broker")))

    with django_capture_on_commit_callbacks(execute=True):
        row = enqueue("try_it", subject=subject, actor=None)

    row.refresh_from_db()
    assert row.state == "queued"


def test_the_sweeper_sends_again_what_nobody_took(queued, monkeypatch):
    told = []
    monkeypatch.setattr(tasks.run_job_task, "delay", told.append)

    assert sweep() == [], "it was announced a moment ago"
    Job.objects.filter(pk=queued.pk).update(
        announced_at=timezone.now() - BEFORE, available_at=timezone.now() - 2 * BEFORE
    )
    assert sweep() == [queued.pk]
    assert sweep() == [], "it has just been announced again"

    assert told == [queued.pk]


def test_the_sweeper_sends_what_lost_its_worker_or_has_backed_off(queued, monkeypatch):
    monkeypatch.setattr(tasks.run_job_task, "delay", lambda _: None)
    Job.objects.filter(pk=queued.pk).update(announced_at=timezone.now() - 2 * BEFORE)
    lost_its_worker(queued)

    assert sweep() == [queued.pk]


def test_a_job_that_takes_its_worker_with_it_ends(queued, kind):
    lost_its_worker(queued)
    Job.objects.filter(pk=queued.pk).update(attempts=3)

    assert not run_job(queued.pk)
    assert sweep() == []

    queued.refresh_from_db()
    assert queued.state == "failed"
    assert queued.error_sentence == f"Trying it stopped without a word 3 times: reference {queued.error_reference}."
    assert len(kind.given_up) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "running"},
        {"state": "done"},
        {"state": "done", "finished_at": timezone.now()},
        {"state": "failed", "finished_at": timezone.now()},
        {"lease_token": uuid.uuid4()},
        {"finished_at": timezone.now()},
        {"progress_done": 2, "progress_total": 1},
        {"attempts": 4},
    ],
)
def test_the_database_refuses_a_job_that_cannot_be(queued, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=queued.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_not_take_the_same_job(kind):
    with transaction.atomic():
        row = enqueue("try_it", subject=Counter.objects.create(name="jobs"), actor=None)
    other = connection.copy()

    with other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT 1 FROM core_job WHERE id = %s FOR NO KEY UPDATE", [row.pk])
        taken = run_job(row.pk)
    other.rollback()
    other.close()

    assert not taken
    assert run_job(row.pk)
