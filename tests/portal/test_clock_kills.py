"""Two real clocks, a real broker, a kill -9 of the one that ticks."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from portal.broker import conninfo_of
from portal.celery import app
from portal.clock import Clock
from portal.embedded import ROOT
from portal.prepare import install_pgmq
from tests.places import NOT_FOR_IT, address_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

SAID = re.compile(r"\bclock_(ticks|waits)\b")
SWEEP = "core.sweep_jobs"
SENT = "SELECT message->'headers'->>'origin', message->'headers'->>'task' FROM pgmq.q_celery ORDER BY msg_id"


def until(condition, seconds=300):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return bool(condition())


class RunningClock:
    def __init__(self, folder, name):
        self.output = folder / name
        words = [sys.executable, "-m", "celery", "-A", "portal.celery", "beat", "--pidfile="]
        environment = {word: value for word, value in os.environ.items() if word not in NOT_FOR_IT} | {
            "DATABASE_URL": address_of(settings.DATABASES["default"]["NAME"]),
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "GATEPOST_VAR": str(folder),
            "JOB_SWEEP_SECONDS": "1",
        }
        with self.output.open("wb") as out:
            self.running = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=out, stderr=out)

    def state(self):
        """What it said last: that it ticks, or that it waits."""
        said = SAID.findall(self.output.read_text(errors="replace"))
        return said[-1] if said else None

    def sent(self):
        return [task for origin, task in messages() if origin.startswith(f"gen{self.running.pid}@")]


def messages():
    with psycopg.connect(conninfo_of(settings.DATABASES["default"])) as broker:
        if not broker.execute("SELECT to_regclass('pgmq.q_celery')").fetchone()[0]:
            return []
        return broker.execute(SENT).fetchall()


@pytest.fixture
def all_due():
    """Every periodic task waits for its first sending."""
    address = conninfo_of(settings.DATABASES["default"])
    install_pgmq(address)
    Clock(app=app)
    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(days=1))
    yield
    with psycopg.connect(address, autocommit=True) as broker:
        broker.execute("DROP SCHEMA pgmq CASCADE")


@pytest.fixture
def clocks(all_due, tmp_path):
    both = [RunningClock(tmp_path, name) for name in ("one.txt", "two.txt")]
    yield both
    for clock in both:
        clock.running.kill()
        clock.running.wait()


def test_of_two_clocks_one_ticks_and_when_it_is_killed_the_other_goes_on_and_repeats_nothing(clocks):
    hourly = set(PeriodicTask.objects.filter(interval__every__gte=3600, queue=None).values_list("task", flat=True))
    assert until(lambda: sorted(str(clock.state()) for clock in clocks) == ["ticks", "waits"])
    ticking, waiting = sorted(clocks, key=RunningClock.state)
    assert until(lambda: hourly <= set(ticking.sent()))
    sweeps = ticking.sent().count(SWEEP)
    assert until(lambda: ticking.sent().count(SWEEP) >= sweeps + 2), "what was sent before these is written down"
    before = waiting.sent()

    ticking.running.kill()
    ticking.running.wait()

    assert until(lambda: waiting.sent().count(SWEEP) >= 3), waiting.output.read_text()
    times = Counter(task for _, task in messages())
    assert before == []
    assert hourly
    assert {task: times[task] for task in hourly} == dict.fromkeys(hourly, 1)
