"""Sessions that say nothing cost little, and nobody waits for them."""

import asyncio
import resource
import socket

import psutil
import pytest

from tests.delivery.proxy.messages import made
from tests.delivery.proxy.running import Proxy, Sink, free_ports
from tests.delivery.proxy.sending import Sender

IDLE = 10_000
ROOM = IDLE + 500  # open files that the test itself needs


@pytest.fixture
def many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard >= ROOM, f"this machine allows {hard} open files: {ROOM} are needed"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, ROOM), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_ten_thousand_idle_sessions_are_held_and_others_are_served(tmp_path):
    old, new = (Sink(tmp_path, name, port) for name, port in zip(("old", "new"), free_ports(2), strict=True))
    proxy = Proxy(tmp_path, old.port, new.port)
    for part in (old, new, proxy):
        part.start()

    lines = [socket.create_connection(("127.0.0.1", proxy.port), timeout=20) for _ in range(IDLE)]
    greeted = sum(line.recv(3) == b"220" for line in lines)
    sender = Sender(proxy.port, made(50, 3))
    asyncio.run(sender.run(30))
    memory = psutil.Process(proxy.process.pid).memory_info().rss

    held = sum(has_been_kept(line) for line in lines)
    for line in lines:
        line.close()
    for part in (proxy, old, new):
        part.end()
    assert greeted == held == IDLE
    assert sender.is_done()
    assert {reply[:3] for reply in sender.ended.values()} == {"250"}
    assert memory < 250_000_000


def has_been_kept(line):
    """Whether the server has not ended this session."""
    line.setblocking(False)
    try:
        while piece := line.recv(4096):
            if b"421" in piece:
                return False
    except BlockingIOError:
        return True
    return False
