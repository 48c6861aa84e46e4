"""A portal of its own for a measurement: throw-away database, one real worker, on this machine only."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded import Hold
from portal.lifeline import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
WORKER = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "--pool", "prefork", "-c", "2"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-I", "benchmarks.job_kinds", "-l", "WARNING"]

# Not DATABASE_URL: whoever has that set for a portal would measure in it.
OTHER_DATABASE = "STAGE_DATABASE_URL"


@contextmanager
def stage(**environment: str) -> Iterator[None]:
    """Settings, database and Django, ready to import models."""
    hold = None
    if not os.environ.get(OTHER_DATABASE):
        hold = Hold(Path(tempfile.mkdtemp(prefix="gatepost-bench-")), throwaway=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    url = hold.url if hold else os.environ[OTHER_DATABASE]
    os.environ.update(environment, DATABASE_URL=url, PYTHONWARNINGS="ignore")
    from portal.prepare import prepare

    prepare(lambda _: None)
    import benchmarks.job_kinds  # noqa: F401 (registers)

    yield
    if hold:
        hold.release()


class Worker:
    """A Celery worker in a process group of its own."""

    def __init__(self, log: Path) -> None:
        with log.open("ab") as out:
            self._running = subprocess.Popen(
                [*WORKER, *QUIET],
                cwd=ROOT,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 (no thread is started before)
            )

    def kill(self) -> None:
        """The worker alone, as the kernel would for want of memory; its children have to follow by themselves."""
        self._running.kill()
        self._running.wait()

    def stop(self) -> None:
        self._running.send_signal(signal.SIGTERM)
        try:
            self._running.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()


def until(condition: Callable[[], object], seconds: float, pause: float = 0.01) -> bool:
    """Wait for `condition()`; False when it did not come true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(pause)
    return False
