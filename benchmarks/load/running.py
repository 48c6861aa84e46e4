"""A real portal of the measurement's own: `./gatepost up`, and with `--redis` a broker that may be killed apart."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import psutil

from benchmarks.stage import ROOT, until
from portal.embedded import Place
from portal.lifeline import die_with_parent

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = 900.0  # seconds: a first start builds the demo
WORKER = "celery,urgent"  # the queues of the worker that is killed; it has the slow work


class Portal:
    """Started, asked who runs in it, and ended by its process id. Everything it writes stands in `var`."""

    def __init__(self, var: Path, port: int, redis: Redis | None = None) -> None:
        self.var, self.url = var, f"http://127.0.0.1:{port}"
        self.database = Place(var / "postgres").url
        self._cluster = Place(var / "postgres").cluster
        self.environment = {"GATEPOST_VAR": str(var)} | ({"CELERY_BROKER_URL": redis.url} if redis else {})
        var.mkdir(parents=True, exist_ok=True)
        with (var / "up.log").open("wb") as log:
            self._up = subprocess.Popen(
                ["./gatepost", "up", "--port", str(port)],
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 (no thread is started before)
            )
        assert until(self.is_ready, LONGEST, pause=0.5), f"it did not start: {(var / 'up.log').read_text()}"
        assert until(self.worker, LONGEST, pause=0.5), "its worker did not start"

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def web(self) -> list[int]:
        """The process ids of the web processes, without the one that starts them."""
        return [child.pid for master in self._parts("gunicorn") for child in master.children()]

    def worker(self) -> list[int]:
        """The worker with the slow work, once it has its children."""
        return [one.pid for one in self._parts(WORKER) if one.children()]

    def postmaster(self) -> list[int]:
        note = self._cluster / "postmaster.pid"
        lines = note.read_text().splitlines() if note.exists() else []
        return [int(lines[0])] if lines and psutil.pid_exists(int(lines[0])) else []

    def _parts(self, word: str) -> list[psutil.Process]:
        found = []
        for child in psutil.Process(self._up.pid).children():
            try:
                found += [child] if any(word in each for each in child.cmdline()) else []
            except psutil.Error:
                continue
        return found

    def stop(self) -> None:
        self._up.send_signal(signal.SIGTERM)
        self._up.wait(60)


class Redis:
    """Debian's redis-server with an append-only file, each write synced, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        folder.mkdir(parents=True, exist_ok=True)
        self._running = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        with (self._folder / "redis.log").open("ab") as log:
            running = subprocess.Popen(
                [*words, *kept],
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 (no thread is started before)
            )
        assert until(lambda: is_open(self.port), 30), "redis-server did not start"
        return running

    def kill(self) -> None:
        self._running.kill()
        self._running.wait()

    def start_again(self) -> None:
        self._running = self._start()

    def stop(self) -> None:
        self._running.terminate()
        self._running.wait(30)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def busy() -> float:
    """How many processes of the whole machine waited for a processor in the last minute, on average."""
    return round(os.getloadavg()[0], 1)


def clock() -> float:
    return time.monotonic()
