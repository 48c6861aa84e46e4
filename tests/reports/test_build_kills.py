"""A real worker, a real broker, a kill -9 in the middle of a plan that is built."""

import json
import subprocess
import sys

import pytest

from portal.embedded import ROOT
from tests.places import places_in


@pytest.mark.worker
def test_a_worker_killed_while_it_builds_a_plan_leaves_exactly_one_document_a_build(tmp_path):
    kills = 2
    words = [sys.executable, "-m", "benchmarks.plan_kill", str(kills)]

    with places_in(tmp_path) as environment:
        environment["STAGE_DATABASE_URL"] = environment.pop("DATABASE_URL", "")
        done = subprocess.run(
            words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False
        )

    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout.splitlines()[-1])
    assert counted["documents_a_build"] == [1] * kills
    assert (counted["not_done"], counted["current_is_the_last"]) == (0, True)
