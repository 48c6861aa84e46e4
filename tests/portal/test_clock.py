"""Several clocks run, one ticks; when it ends another goes on and repeats nothing."""

from datetime import timedelta

import pytest
from celery import Task
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from portal.celery import app
from portal.clock import WAIT_SECONDS, Clock
from portal.rounds import RUNS_OUT_SECONDS, TASKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    told = []
    # The connection of a test is in a transaction, and would be closed for that.
    monkeypatch.setattr("django_celery_beat.schedulers.close_old_connections", lambda: None)
    monkeypatch.setattr(Task, "apply_async", lambda *_, **__: None)
    apply_entry = Clock.apply_entry

    def applied(self, entry, producer=None):
        told.append((self, entry.task))
        apply_entry(self, entry, producer=producer)

    monkeypatch.setattr(Clock, "apply_entry", applied)
    return told


@pytest.fixture
def clocks(sent):
    both = [Clock(app=app), Clock(app=app)]
    yield both
    for clock in both:
        clock.turn.let_go()


def make_all_due():
    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(days=1))


def tick_until_nothing_is_due(*clocks):
    for _ in range(2 * PeriodicTask.objects.count()):
        for clock in clocks:
            clock.tick()


def tasks():
    return sorted(PeriodicTask.objects.filter(enabled=True).values_list("task", flat=True))


def test_what_waited_for_an_hour_runs_out_as_the_scheduler_stored_it(clocks):
    stored = dict(PeriodicTask.objects.values_list("name", "expire_seconds"))
    sent_with = {name: entry.options.get("expires") for name, entry in clocks[0].schedule.items()}

    assert {name: stored[name] for name in TASKS} == dict.fromkeys(TASKS, RUNS_OUT_SECONDS)
    assert {name: sent_with[name] for name in TASKS} == dict.fromkeys(TASKS, RUNS_OUT_SECONDS)
    assert None not in stored.values()
    assert not PeriodicTask.objects.exclude(expires=None).exists()  # a task with a moment is switched off after it


def test_of_two_clocks_one_sends_each_task_and_the_other_none(clocks, sent):
    first, second = clocks
    make_all_due()

    tick_until_nothing_is_due(first, second)

    assert sorted(task for _, task in sent) == tasks()
    assert {clock for clock, _ in sent} == {first}
    assert second.tick() == WAIT_SECONDS


def test_a_clock_that_takes_over_knows_what_was_sent(clocks, sent):
    first, second = clocks
    make_all_due()
    tick_until_nothing_is_due(first, second)
    first.turn.let_go()  # as a kill -9 does: nothing is written down any more

    tick_until_nothing_is_due(second)

    assert len(sent) == len(tasks())
    assert second.turn.is_mine()


def test_a_clock_whose_connection_was_lost_waits_while_another_has_the_turn(clocks, sent):
    first, second = clocks
    first.tick()
    make_all_due()

    first.turn._connection.close()
    second.tick()
    tick_until_nothing_is_due(first, second)

    assert first.tick() == WAIT_SECONDS
    assert {clock for clock, _ in sent} == {second}
    assert sorted(task for _, task in sent) == tasks()


def test_a_schedule_that_changes_while_it_is_read_sends_nothing_twice(clocks, sent, monkeypatch):
    first, _ = clocks
    make_all_due()
    changes = iter([True, True])
    monkeypatch.setattr(first, "schedule_changed", lambda: next(changes, False))

    tick_until_nothing_is_due(first)

    assert sorted(task for _, task in sent) == tasks()
    assert next(changes, None) is None


def test_without_the_database_no_clock_ticks(clocks, sent, monkeypatch, settings):
    first, _ = clocks
    make_all_due()
    monkeypatch.setitem(settings.DATABASES, "default", {"HOST": "127.0.0.1", "PORT": "1", "NAME": "nobody"})

    waits = first.tick()

    assert (waits, sent) == (WAIT_SECONDS, [])
