"""A real worker, a real broker, a real kill -9."""

import json
import os
import subprocess
import sys

import pytest

from portal.embedded import ROOT

NOT_FOR_IT = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE")


@pytest.mark.worker
def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing():
    kills = 4
    environment = {name: value for name, value in os.environ.items() if name not in NOT_FOR_IT}
    words = [sys.executable, "-m", "benchmarks.job_kill", str(kills)]

    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)

    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout.splitlines()[-1])
    assert (counted["kills"], counted["lost"], counted["doubled"], counted["not_done"]) == (kills, 0, 0, 0)
