"""The command itself: one process or several, sockets of its own or handed over, started wrongly, stopped rightly."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from delivery.proxy.journal import read_journal
from tests.delivery.proxy.helms import free_port

ROOT = Path(__file__).parents[3]
WORDS = [sys.executable, "-m", "delivery.proxy.command", "--config"]
PATIENCE = 20
# As systemd does it.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


def bound():
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    return found


def wait_until(is_true):
    end = time.monotonic() + PATIENCE
    while not (found := is_true()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return found


@pytest.fixture
def sink():
    """A backend that takes everything, for both sides to be told apart by port only."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    controllers = [Controller(Sink(), hostname="127.0.0.1", port=free_port()) for _ in range(2)]
    for controller in controllers:
        controller.start()
    yield [controller.port for controller in controllers]
    for controller in controllers:
        controller.stop()


def written(folder, port, ports, more=""):
    file = folder / "proxy.toml"
    file.write_text(
        f'listen = "127.0.0.1:{port}"\njournal = "journal"\n{more}\n[backends.old]\naddress = "127.0.0.1:{ports[0]}"\n'
        f'[backends.new]\naddress = "127.0.0.1:{ports[1]}"\n[split]\nnew = 50\n'
    )
    return file


@contextmanager
def running(words, **settings):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(words, stderr=subprocess.PIPE, cwd=ROOT, env=environment, **settings)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=PATIENCE)


def send(port, number):
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as client:
        client.sendmail("a@example.com", ["b@example.org"], f"Message-ID: <{number}@example.com>\r\n\r\nhello\r\n")


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def children_of(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_term_signal_ends_it_with_everything_journalled(tmp_path, sink):
    port = free_port()
    file = written(tmp_path, port, sink)

    with running([*WORDS, str(file)]) as process:
        wait_until(lambda: listens(port))
        for number in range(5):
            send(port, number)
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)

    assert code == 0
    assert [entry.outcome for entry in read_journal(tmp_path / "journal")] == ["accepted"] * 5
    assert not listens(port)


def test_several_processes_share_a_port_and_one_that_dies_is_replaced(tmp_path, sink):
    port = free_port()
    file = written(tmp_path, port, sink, "processes = 2")

    with running([*WORDS, str(file)]) as process:
        wait_until(lambda: listens(port))
        first = wait_until(lambda: len(children_of(process.pid)) == 2 and children_of(process.pid))
        for number in range(30):
            send(port, number)
        os.kill(first[0], signal.SIGKILL)
        wait_until(lambda: len(set(children_of(process.pid)) - {first[0]}) == 2)
        for number in range(30, 50):
            send(port, number)
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)

    assert code == 0
    entries = list(read_journal(tmp_path / "journal"))
    assert {entry.message_id for entry in entries} == {b"<%d@example.com>" % number for number in range(50)}
    assert {entry.outcome for entry in entries} == {"accepted"}
    assert len(list((tmp_path / "journal").glob("p*"))) == 2


def test_a_message_that_one_process_accepted_is_known_to_the_other(tmp_path, sink):
    port = free_port()
    file = written(tmp_path, port, sink, "processes = 2")

    with running([*WORDS, str(file)]):
        wait_until(lambda: listens(port))
        for _ in range(20):
            send(port, 1)

    outcomes = [entry.outcome for entry in read_journal(tmp_path / "journal")]
    assert sorted(outcomes) == ["accepted", *["repeated"] * 19]


def test_processes_do_not_outlive_what_started_them(tmp_path, sink):
    port = free_port()
    file = written(tmp_path, port, sink, "processes = 2")

    with running([*WORDS, str(file)]) as process:
        wait_until(lambda: listens(port))
        children = wait_until(lambda: len(children_of(process.pid)) == 2 and children_of(process.pid))
        process.kill()
        process.wait(PATIENCE)

        wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def test_a_socket_that_was_handed_over_is_used(tmp_path, sink):
    with bound() as given:
        given.listen()
        port = given.getsockname()[1]
        file = written(tmp_path, port, sink)
        number = given.fileno()
        with running([sys.executable, "-c", HAND_OVER, str(number), *WORDS, str(file)], pass_fds=[number]):
            send(port, 1)

    assert [entry.outcome for entry in read_journal(tmp_path / "journal")] == ["accepted"]


def test_what_cannot_be_started_says_why_and_ends_with_1(tmp_path, sink):
    with bound() as taken:
        taken.listen()
        busy = written(tmp_path, taken.getsockname()[1], sink)
        occupied = subprocess.run([*WORDS, str(busy)], capture_output=True, text=True, cwd=ROOT, check=False)
    busy.write_text("listen = 3\n")
    wrong = subprocess.run([*WORDS, str(busy)], capture_output=True, text=True, cwd=ROOT, check=False)

    assert occupied.returncode == wrong.returncode == 1
    assert "in use" in occupied.stderr
    assert wrong.stderr.startswith(f"{busy}: ")
    assert "Traceback" not in occupied.stderr + wrong.stderr


def test_a_configuration_can_be_checked_without_being_run(tmp_path, sink):
    file = written(tmp_path, free_port(), sink)

    said = subprocess.run([*WORDS, str(file), "--check"], capture_output=True, text=True, cwd=ROOT, check=False)

    assert (said.returncode, said.stderr) == (0, "")
    assert not (tmp_path / "journal").exists()
