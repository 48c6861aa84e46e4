"""`./gatepost up` as a person uses it: starts, says where, refuses a second one, stops without leaving anything."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from portal import up
from portal.embedded import ROOT, Place
from portal.locks import is_held
from tests.places import places_in

pytestmark = pytest.mark.worker


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds=600):  # every migration runs at the first start, on a machine that is busy with tests
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


class Portal:
    def __init__(self, environment):
        self.environment, self.port = environment, free_port()
        self.folder = Path(environment["GATEPOST_VAR"])
        self.output = self.folder / "said.txt"
        words = [sys.executable, "-m", "portal.cli", "up", "--empty", "--port", str(self.port)]
        with self.output.open("wb") as out:
            self.running = subprocess.Popen(
                words, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
            )

    def said(self):
        return self.output.read_text()

    def children(self):
        return psutil.Process(self.running.pid).children(recursive=True)

    def is_complete(self):
        """Web with two workers, worker with two children, the urgent one, the one for servers of others, clock."""
        words = [words_of(child) for child in self.children()]
        return sum("gunicorn" in one for one in words) == 3 and sum("portal.celery" in one for one in words) == 6


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    with places_in(tmp_path_factory.mktemp("var")) as words:
        yield words


@pytest.fixture
def portal(environment):
    one = Portal(environment)
    yield one
    one.running.kill()
    one.running.wait()
    assert until(lambda: not is_held(Place(one.folder / "postgres").keeper_lock))


def words_of(process):
    """What it was called with; nothing for one that ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def is_alive(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def gone(people):
    return until(lambda: not any(map(is_alive, people)), 120)  # a worker ends what it has begun


def test_it_starts_says_where_and_stops_cleanly(portal):
    assert until(lambda: "Gatepost runs: " in portal.said()), portal.said()
    assert until(portal.is_complete), [child.cmdline() for child in portal.children()]
    with urllib.request.urlopen(f"http://127.0.0.1:{portal.port}/healthz") as answer:
        assert answer.status == 200
    second = subprocess.run(
        [sys.executable, "-m", "portal.cli", "up"],
        cwd=ROOT,
        env=portal.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"Gatepost runs already: http://127.0.0.1:{portal.port}" in second.stdout
    family, begun = portal.children(), time.monotonic()

    portal.running.send_signal(signal.SIGINT)

    assert portal.running.wait(10) == 0
    assert time.monotonic() - begun < 7
    assert gone(family)


def test_whom_the_second_guard_holds_may_use_every_table_that_was_prepared(portal):
    """Also the cache's, which counts what programs of customers ask: the API asks it while the guard is raised."""
    assert until(lambda: "Gatepost runs: " in portal.said()), portal.said()
    with psycopg.connect(portal.environment.get("DATABASE_URL") or Place(portal.folder / "postgres").url) as link:
        rows = link.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchall()
        link.execute("SET ROLE gatepost_web")
        refused = [
            name
            for (name,) in rows
            if not link.execute(
                "SELECT has_table_privilege(%s, 'SELECT') AND has_table_privilege(%s, 'DELETE')", [name] * 2
            ).fetchone()[0]
        ]

    assert ("cache" in {name for (name,) in rows}) is ("CACHE_URL" not in portal.environment)
    assert refused == []


def test_when_it_is_killed_nothing_is_left_and_the_next_start_works(portal):
    assert until(portal.is_complete), portal.said()
    family = portal.children()

    portal.running.kill()
    portal.running.wait()

    assert gone(family)
    again = Portal(portal.environment)
    assert until(lambda: "Gatepost runs: " in again.said()), again.said()
    again.running.send_signal(signal.SIGTERM)
    assert again.running.wait(10) == 0


def test_a_database_of_ones_own_needs_no_folder_of_the_embedded_one(monkeypatch, tmp_path):
    monkeypatch.setattr(up, "VAR", tmp_path)
    monkeypatch.setattr(up, "prepare", lambda *, wants_demo: True)

    assert up.make_ready(None, wants_demo=False)

    assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_named_with_what_to_type(environment):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "portal.cli", "up", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert f"Port {port} is in use by " in done.stdout
    assert f"Type: ./gatepost up --port {port + 1}" in done.stdout
