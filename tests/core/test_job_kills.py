"""A real worker, a real broker, a real kill -9."""

import json
import subprocess
import sys

import pytest

from portal.embedded import ROOT
from tests.places import places_in


@pytest.mark.worker
def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(tmp_path):
    kills = 4
    words = [sys.executable, "-m", "benchmarks.job_kill", str(kills)]

    with places_in(tmp_path) as environment:
        environment["STAGE_DATABASE_URL"] = environment.pop("DATABASE_URL", "")
        done = subprocess.run(
            words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
        )

    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout.splitlines()[-1])
    assert (counted["kills"], counted["lost"], counted["doubled"], counted["not_done"]) == (kills, 0, 0, 0)
