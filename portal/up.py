"""`./gatepost up`: database, web, workers and clock, until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from core.queues import COMMON, OUTSIDE, URGENT
from portal.cli import POSTGRES, provide_database
from portal.embedded import VAR
from portal.locks import FileLock
from portal.stamp import Stamp
from portal.supervise import Part, Supervisor, open_log

if TYPE_CHECKING:
    from portal.embedded import Hold

LOGS = VAR / "log"
LOOK_AFTER_DATABASE_SECONDS = 2.0


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def up(*, port: int, wants_demo: bool) -> int:
    begun = time.monotonic()
    lock = FileLock(VAR / "up.lock")
    if not lock.try_to_take():
        say(f"Gatepost runs already: {(VAR / 'up.lock').read_text() or 'it is starting'}")
        return 1
    if not is_free(port):
        say(f"Port {port} is in use{by_whom(port)}.\n  Type: ./gatepost up --port {port + 1}")
        return 1
    for folder in (LOGS, VAR / "mail", VAR / "static"):
        folder.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    os.environ.setdefault("PORTAL_URL", url)
    # A stop that comes while the database is made ready is a stop, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    hold = provide_database(POSTGRES)
    if not make_ready(hold, wants_demo=wants_demo):
        return 1
    lock.write(f"{url} (process {os.getpid()}).\n  To stop it: kill {os.getpid()}")
    return serve(url, port, hold, begun)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def by_whom(port: int) -> str:
    """Which process listens there, where the system lets us see it."""
    import psutil  # type: ignore[import-untyped]  # ships no types

    try:
        for found in psutil.net_connections("tcp"):
            if found.status == psutil.CONN_LISTEN and found.laddr.port == port and found.pid:
                return f" by {psutil.Process(found.pid).name()} (process {found.pid})"
    except (psutil.Error, OSError):
        return ""
    return ""


def make_ready(hold: Hold | None, *, wants_demo: bool) -> bool:
    """A database of somebody else is looked at each time: the stamp is about the embedded one and stands beside it."""
    stamp = Stamp(VAR, wants_demo=wants_demo)
    if hold and stamp.is_current():
        return True
    if not prepare(wants_demo=wants_demo):
        return False
    if hold:
        stamp.write()
    return True


def prepare(*, wants_demo: bool) -> bool:
    """In a process of its own, so that the supervisor stays small and without threads."""
    words = [sys.executable, "-m", "portal.prepare", *(["--demo"] if wants_demo else [])]
    with open_log(LOGS / "prepare.log") as log:
        done = subprocess.run(words, stderr=log, check=False)  # noqa: S603 (our own words)
    if done.returncode:
        said = (LOGS / "prepare.log").read_text(errors="replace").strip().splitlines()
        say(f"The database could not be made ready: {said[-1] if said else 'no reason given'}")
        say(f"  Everything it said: {LOGS / 'prepare.log'}")
    return done.returncode == 0


def parts(port: int) -> list[Part]:
    python, celery = [sys.executable, "-m"], ["celery", "-A", "portal.celery"]
    web = ["gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    common = ["-Q", f"{COMMON},{URGENT}", "-c", "2", "-l", "INFO"]
    waiting = ["-P", "threads", "-c", "4", "-l", "INFO"]  # for proxies and servers of others, not for a processor
    return [
        Part("web", [*python, *web, "--preload", "--graceful-timeout", "3", "--timeout", "60"]),
        Part("worker", [*python, *celery, "worker", *common, *quiet], last_signal=signal.SIGKILL),
        Part("urgent", [*python, *celery, "worker", "-Q", URGENT, *waiting, *quiet], last_signal=signal.SIGKILL),
        Part("outside", [*python, *celery, "worker", "-Q", OUTSIDE, *waiting, *quiet], last_signal=signal.SIGKILL),
        # On SIGTERM it writes its schedule from within the handler, and waits for ever when it was just reading it.
        Part("clock", [*python, *celery, "beat", "-l", "INFO", "--pidfile="], last_signal=signal.SIGKILL),
    ]


def serve(url: str, port: int, hold: Hold | None, begun: float) -> int:
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
    web, *others = parts(port)
    supervisor = Supervisor(logs=LOGS, environment=environment, say=say)
    supervisor.add(web)
    is_ready, looked_at = False, time.monotonic()
    while not supervisor.is_stopping:
        supervisor.turn(0.25 if is_ready else 0.05)
        now = time.monotonic()
        if not is_ready and (is_ready := answers(url)):
            greet(url, now - begun)
            supervisor.add(*others)  # afterwards, so that the first page does not wait for them
        if hold and now - looked_at > LOOK_AFTER_DATABASE_SECONDS:
            looked_at = now
            hold.ensure_kept()
    say("\nStopping")
    supervisor.stop()
    return 0


def answers(url: str) -> bool:
    """Whether the web processes answer, whatever they say."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310 (our own address)
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def greet(url: str, seconds: float) -> None:
    say(f"\nGatepost runs: {url}  (ready after {seconds:.1f} s; Ctrl-C stops it)")
    path = VAR / "demo-logins.json"
    logins = json.loads(path.read_text()) if path.exists() else []
    if logins:
        say("\nPeople of the demo:")
    for login in logins:
        say(f"  {login['role']:<12} {login['email']:<30} {login['password']}  {login.get('note', '')}".rstrip())
    say(f"\nMail goes to {VAR / 'mail'}, logs to {VAR / 'log'}.")
