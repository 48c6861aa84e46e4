"""Parts of the portal are started again when they die and end with whoever started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.supervise import LARGEST_LOG, Part, Supervisor, open_log

PYTHON = [sys.executable, "-u", "-c"]
SLEEP = "import os, time; print(os.getpid()); time.sleep(60)"


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    one = Supervisor(logs=tmp_path, environment=os.environ, say=said.append)
    yield one
    one.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def until(condition, supervisor=None, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if supervisor:
            supervisor.turn(0.02)
        if condition():
            return True
        time.sleep(0.01)
    return False


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_what_a_part_says_goes_to_its_log(supervisor, tmp_path):
    supervisor.add(Part("web", [*PYTHON, "print('hello')"]))

    assert until(lambda: "hello" in (tmp_path / "web.log").read_text(), supervisor)


def test_errors_are_shown_and_the_rest_is_not(supervisor, said):
    lines = "print('2026 [info ] calm'); print('2026 [error    ] broken'); import time; time.sleep(60)"
    supervisor.add(Part("web", [*PYTHON, lines]))

    assert until(lambda: said, supervisor)
    assert said == ["web: 2026 [error    ] broken"]


def test_a_part_that_dies_is_started_again_and_that_is_said(supervisor, said, tmp_path):
    part = Part("worker", [*PYTHON, SLEEP])
    supervisor.add(part)
    first = part.running.pid

    os.kill(first, signal.SIGKILL)

    assert until(lambda: part.running and part.running.pid != first, supervisor)
    assert said == [f"worker ended (by signal 9) and starts again in 2 s. See {tmp_path / 'worker.log'}"]


def test_a_part_that_keeps_dying_is_given_longer_pauses(supervisor, said):
    supervisor.add(Part("clock", [*PYTHON, "raise SystemExit(3)"]))

    assert until(lambda: len(said) == 2, supervisor)
    assert "with code 3" in said[0]
    assert "in 4 s" in said[1]


def test_stopping_ends_every_part_also_one_that_does_not_listen(supervisor):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    parts = [Part("web", [*PYTHON, SLEEP]), Part("worker", [*PYTHON, deaf])]
    supervisor.add(*parts)
    time.sleep(0.5)
    begun = time.monotonic()

    supervisor.stop()

    assert time.monotonic() - begun < 6
    assert [is_alive(part.running.pid) for part in parts] == [False, False]


def test_a_supervisor_that_is_killed_leaves_no_part_behind(tmp_path):
    script = (
        "import os, pathlib, sys; from portal.supervise import Part, Supervisor\n"
        "one = Supervisor(logs=pathlib.Path(sys.argv[1]), environment=os.environ, say=print)\n"
        "part = Part('web', [sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "one.add(part); print(part.running.pid, flush=True)\n"
        "while True: one.turn()\n"
    )
    running = subprocess.Popen([*PYTHON, script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    child = int(running.stdout.readline())
    assert is_alive(child)

    running.kill()
    running.wait()

    assert until(lambda: not is_alive(child))


def test_a_large_log_is_put_aside(tmp_path):
    path = tmp_path / "web.log"
    path.write_bytes(b"x" * (LARGEST_LOG + 1))

    with open_log(path) as log:
        log.write(b"new")

    assert path.read_bytes() == b"new"
    assert (tmp_path / "web.log.1").stat().st_size == LARGEST_LOG + 1
