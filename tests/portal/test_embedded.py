"""The embedded PostgreSQL runs while somebody needs it, and not longer."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from portal.embedded import Hold, Place, answers
from portal.locks import is_held

HOLD = (
    "import sys, pathlib, time; from portal.embedded import Hold\n"
    "hold = Hold(pathlib.Path(sys.argv[1])); print(hold.url, flush=True); time.sleep(60)\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One cluster for the module: making one takes the time."""
    return tmp_path_factory.mktemp("pg")


@pytest.fixture
def place(folder):
    one = Place(folder)
    yield one
    assert until(lambda: not is_held(one.keeper_lock)), "nobody holds it any more"


def until(condition, seconds=15):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def holder(folder):
    running = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert running.stdout.readline().startswith("postgres://")
    return running


def server_pid(place):
    return int((place.cluster / "postmaster.pid").read_text().partition("\n")[0])


def end(running):
    running.kill()
    running.wait()
    running.stdout.close()


def test_the_server_runs_while_it_is_held_and_stops_afterwards(place):
    hold = Hold(place.folder)
    with psycopg.connect(hold.url) as connection:
        (answer,) = connection.execute("SELECT 1").fetchone()

    hold.release()

    assert answer == 1
    assert until(lambda: not answers(place))


def test_two_users_share_a_server_and_the_last_one_stops_it(place):
    first, second = Hold(place.folder), Hold(place.folder)
    pid = server_pid(place)

    first.release()
    time.sleep(0.6)

    assert answers(place)
    assert server_pid(place) == pid
    second.release()


def test_a_user_that_is_killed_leaves_no_server_behind(place):
    running = holder(place.folder)

    end(running)

    assert until(lambda: not answers(place))


def test_a_server_that_is_killed_is_started_again(place):
    hold = Hold(place.folder)
    before = server_pid(place)

    os.kill(before, signal.SIGKILL)

    assert until(lambda: answers(place) and server_pid(place) != before)
    hold.release()


def test_a_keeper_that_is_killed_takes_the_server_along_and_both_come_back(place):
    hold = Hold(place.folder)
    before = server_pid(place)
    keeper = int(Path(f"/proc/{before}/stat").read_text().rpartition(")")[2].split()[1])

    os.kill(keeper, signal.SIGKILL)
    assert until(lambda: not is_held(place.keeper_lock))
    hold.ensure_kept()

    assert until(lambda: answers(place))
    assert server_pid(place) != before
    hold.release()


def test_a_stale_pid_file_does_not_stop_a_start(place):
    Hold(place.folder).release()
    assert until(lambda: not is_held(place.keeper_lock))
    (place.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{place.cluster}\n")

    hold = Hold(place.folder)

    assert answers(place)
    hold.release()


def test_a_throwaway_server_takes_its_folder_along(tmp_path):
    place = Place(tmp_path / "gone")
    Hold(place.folder, throwaway=True).release()

    assert until(lambda: not place.folder.exists())


def test_the_server_is_not_on_the_network(place):
    hold = Hold(place.folder)

    with psycopg.connect(hold.url) as connection:
        (addresses,) = connection.execute("SHOW listen_addresses").fetchone()

    assert addresses == ""
    assert place.sockets.stat().st_mode & 0o077 == 0
    hold.release()


def test_a_long_or_blank_path_has_its_sockets_elsewhere():
    assert Place(Path("/short")).sockets == Path("/short/socket")
    for path in ("/with a blank", "/" + "x" * 100):
        assert len(str(Place(Path(path)).sockets)) < 80
        assert " " not in str(Place(Path(path)).sockets)
