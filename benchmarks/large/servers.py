"""Two real web processes, started as `./gatepost up` starts them, and how long and how hard they work."""

import http.client
import math
import os
import signal
import statistics
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.stage import ROOT, until
from portal.lifeline import die_with_parent
from portal.up import parts

START_SECONDS = 180
TRIES = 50  # for a connection at the process that has too few
OK = 200


@dataclass(frozen=True)
class Measured:
    """Milliseconds as the asker waits, answers a second, and milliseconds of processor an answer costs."""

    n: int
    p50: float
    p95: float
    a_second: float
    processor: float


@contextmanager
def web(settings: str, port: int, log: Path) -> Iterator[psutil.Process]:
    """The two processes, ended with everything they started."""
    (part,) = (part for part in parts(port) if part.name == "web")
    with log.open("ab") as out:
        running = subprocess.Popen(
            part.words,
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": settings},
            stdout=out,
            stderr=out,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 (no thread is started before)
        )
    try:
        until(lambda: running.poll() is not None or _answers(port), START_SECONDS, pause=0.1)
        if running.poll() is not None or not _answers(port):
            raise RuntimeError(f"the server does not answer: {log}")
        yield psutil.Process(running.pid)
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(START_SECONDS)


def _answers(port: int) -> bool:
    with suppress(OSError):
        ask(http.client.HTTPConnection("127.0.0.1", port), "/healthz", "")
        return True
    return False


def ask(connection: http.client.HTTPConnection, path: str, session: str) -> int:
    """Once more on a new connection where the server has ended one that rested."""
    headers = {"Cookie": f"sessionid={session}", "Accept": "text/html, */*"}
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        connection.close()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
    answer.read()
    return answer.status


def spread(port: int, askers: int, web: psutil.Process) -> list[http.client.HTTPConnection]:
    """A connection for each, as many to one web process as to another: by itself both may go to the one that woke."""
    most = math.ceil(askers / len(web.children()))
    held: Counter[int] = Counter()
    spread: list[http.client.HTTPConnection] = []
    for _ in range(askers * TRIES):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        ask(connection, "/healthz", "")
        process = _holder(connection, web)
        if held[process] < most:
            held[process] += 1
            spread.append(connection)
        else:
            connection.close()
        if len(spread) == askers:
            return spread
    raise RuntimeError(f"no {askers} connections spread over the web processes: {dict(held)}")


def _holder(connection: http.client.HTTPConnection, web: psutil.Process) -> int:
    """Which process has the other end."""
    own = connection.sock.getsockname()
    held = ((one.pid, end) for one in web.children() for end in one.net_connections(kind="tcp") if end.raddr)
    return next(pid for pid, end in held if tuple(end.raddr) == own)


def load(port: int, path: str, session: str, *, askers: int, seconds: float, watched: list[psutil.Process]) -> Measured:
    """So many ask at once, each again when it has its answer, for so long; and twice each beforehand."""
    waits: list[float] = []
    wrong: list[int] = []
    ready = threading.Barrier(askers + 1)

    def asker(connection: http.client.HTTPConnection) -> None:
        for _ in range(2):
            ask(connection, path, session)
        ready.wait()
        deadline = time.perf_counter() + seconds
        while not wrong and (begun := time.perf_counter()) < deadline:
            if (status := ask(connection, path, session)) != OK:
                wrong.append(status)
            waits.append(time.perf_counter() - begun)
        connection.close()

    threads = [threading.Thread(target=asker, args=(one,)) for one in spread(port, askers, watched[0])]
    for thread in threads:
        thread.start()
    ready.wait()
    used, begun = processor_seconds(watched), time.perf_counter()
    for thread in threads:
        thread.join()
    took, used = time.perf_counter() - begun, processor_seconds(watched) - used
    if wrong:
        raise RuntimeError(f"{path} answered {wrong[0]}")
    return _measured(waits, took, used)


def _measured(waits: list[float], took: float, used: float) -> Measured:
    n = len(waits)
    p95 = statistics.quantiles(waits, n=20)[-1] if n > 1 else waits[0]
    return Measured(n, 1000 * statistics.median(waits), 1000 * p95, n / took, 1000 * used / n)


def processor_seconds(watched: list[psutil.Process]) -> float:
    """Of these processes and all they started, also what has ended since."""
    total = 0.0
    for parent in watched:
        for process in [parent, *parent.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
    return total


def database() -> psutil.Process:
    """The server of the embedded PostgreSQL, whose children are its connections."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return psutil.Process(backend).parent()
