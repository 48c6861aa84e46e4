"""Jobs are asked for in a transaction, found again when a message is lost, and taken by one worker."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import tasks
from core.jobs import enqueue, run_job, sweep
from core.models import Counter, Job

BEFORE = timedelta(hours=1)


def raising(error):
    def half(*_, **__):
        raise error

    return half


def lost_its_worker(row):
    """As a worker leaves it that was killed."""
    Job.objects.filter(pk=row.pk).update(
        state="running", attempts=1, lease_token=uuid.uuid4(), lease_expires_at=timezone.now() - BEFORE
    )


def test_one_key_has_one_unfinished_job(kind, subject):
    first = enqueue("try_it", subject=subject, actor=None, key="once")
    again = enqueue("try_it", subject=subject, actor=None, key="once")
    run_job(first.pk)
    later = enqueue("try_it", subject=subject, actor=None, key="once")

    assert again.pk == first.pk
    assert later.pk != first.pk


def test_a_job_that_finishes_while_it_is_looked_for_makes_room_for_another(kind, subject, monkeypatch):
    first = enqueue("try_it", subject=subject, actor=None, key="once")
    insert = Job.objects.bulk_create

    def insert_and_finish(rows, **how):
        made = insert(rows, **how)
        Job.objects.filter(pk=first.pk).update(state="done", finished_at=timezone.now(), result={})
        return made

    monkeypatch.setattr(Job.objects, "bulk_create", insert_and_finish)

    later = enqueue("try_it", subject=subject, actor=None, key="once")

    assert later.pk != first.pk
    assert later.state == "queued"


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
    monkeypatch.setattr(tasks.run_job_task, "apply_async", lambda words, queue: told.append((*words, queue)))

    with django_capture_on_commit_callbacks() as callbacks:
        row = enqueue("try_it", subject=subject, actor=None)
    assert told == []
    for callback in callbacks:
        callback()

    assert told == [(row.pk, "celery")]


def test_a_broker_that_is_away_does_not_hurt_the_request(
    kind, subject, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(tasks.run_job_task, "apply_async", raising(OSError("no broker")))

    with django_capture_on_commit_callbacks(execute=True):
        row = enqueue("try_it", subject=subject, actor=None)

    row.refresh_from_db()
    assert row.state == "queued"


def test_the_sweeper_sends_again_what_nobody_took(queued, monkeypatch):
    told = []
    monkeypatch.setattr(tasks.run_job_task, "apply_async", lambda words, queue: told.append((*words, queue)))

    assert sweep() == [], "it was announced a moment ago"
    Job.objects.filter(pk=queued.pk).update(
        announced_at=timezone.now() - BEFORE, available_at=timezone.now() - 2 * BEFORE
    )
    assert sweep() == [queued.pk]
    assert sweep() == [], "it has just been announced again"

    assert told == [(queued.pk, "celery")]


def test_the_sweeper_sends_what_lost_its_worker_or_has_backed_off(queued, monkeypatch):
    monkeypatch.setattr(tasks.run_job_task, "apply_async", lambda _, queue: None)
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
