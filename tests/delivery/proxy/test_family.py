"""Processes that do not last: started anew ever later, and given up in the end."""

import json
import subprocess
import sys
from pathlib import Path

from delivery.proxy.processes import pause_after

ROOT = Path(__file__).parents[3]
# Process 0 does its work; process 1 fails as often as the first word says, and then works too.
FAMILY = """
import os, sys, time
from pathlib import Path
from delivery.proxy import processes
from delivery.proxy.log import Log

processes.PAUSE = processes.LOOK = 0.01
fails, starts = int(sys.argv[1]), Path(sys.argv[2])

def work(number):
    with starts.open("a") as file:
        file.write(f"{number}\\n")
    if number and starts.read_text().count("1") <= fails:
        return 3
    if number:
        os.kill(os.getppid(), 15)
    time.sleep(20)
    return 0

sys.exit(processes.Family(2, work, Log()).run())
"""


def run(tmp_path, fails):
    starts = tmp_path / "starts"
    words = [sys.executable, "-c", FAMILY, str(fails), str(starts)]
    ended = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=15, check=False)
    return ended.returncode, starts.read_text().split(), [json.loads(line) for line in ended.stderr.splitlines()]


def test_a_process_that_never_lasts_is_given_up_and_its_siblings_stop(tmp_path):
    code, starts, said = run(tmp_path, fails=100)

    assert code == 1
    assert (starts.count("0"), starts.count("1")) == (1, 6)
    assert said[-1]["event"] == "given up"
    assert said[-1]["why"].startswith(
        "Process 1 ended 6 times in a row within 60 s of its start, the last time with exit code 3. "
        "All processes are stopped."
    )


def test_a_process_that_lasts_at_its_third_start_is_kept(tmp_path):
    code, starts, said = run(tmp_path, fails=2)

    assert code == 0
    assert (starts.count("0"), starts.count("1")) == (1, 3)
    assert [one["event"] for one in said] == ["process ended"] * 2


def test_each_pause_is_longer_than_the_last_up_to_half_a_minute():
    assert [pause_after(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]
