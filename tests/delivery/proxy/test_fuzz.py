"""Sessions made of noise by seed: the proxy neither ends nor hangs, and nothing reaches a backend that nobody sent."""

import random
import socket
from contextlib import suppress

import pytest

from tests.delivery.proxy.running import Proxy, Sink, answers, free_ports

VERBS = [
    b"EHLO",
    b"HELO",
    b"MAIL FROM:",
    b"RCPT TO:",
    b"DATA",
    b"BDAT",
    b"RSET",
    b"NOOP",
    b"VRFY",
    b"QUIT",
    b"AUTH",
    b"STARTTLS",
]
WORDS = [
    b"<a@b.example>",
    b"<>",
    b"<@c:a@b.example>",
    b"SIZE=99999999999999999999",
    b"BODY=8BITMIME",
    b"SMTPUTF8",
    b"LAST",
    b"0",
]
WORDS += [
    b"PLAIN AGEAYg==",
    b"LOGIN",
    b"client.example",
    b"NOTIFY=NEVER",
    b"\x00",
    b"\xff\xfe",
    b"<" * 300,
    b"x" * 5000,
    b"-1",
    b"=",
]
ENDS = [b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b"", b"\r\r\n", b"\x00\r\n"]
WHOLE = [
    b"EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n",
    b"Subject: x\r\n\r\nbody\r\n.\r\n",
    b".\r\n",
    b"\r\n.\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
    b"\r\n\r\n\x00\r\nQUIT\n!\x11\x00\x0c\x7f\x00\x00\x01\x7f\x00\x00\x01\x00\x01\x00\x02",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
]


def noise(seed):
    """Pieces of one session."""
    dice = random.Random(seed)
    for _ in range(dice.randrange(1, 14)):
        kind = dice.random()
        if kind < 0.35:
            yield dice.choice(WHOLE)
        elif kind < 0.85:
            yield b" ".join([dice.choice(VERBS), *dice.choices(WORDS, k=dice.randrange(3))]) + dice.choice(ENDS)
        else:
            yield dice.randbytes(dice.randrange(1, 3000))


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    old, new = free_ports(2)
    parts = [Sink(folder, "old", old), Sink(folder, "new", new), Proxy(folder, old, new, share=50)]
    for part in parts:
        part.start()
    yield parts
    for part in reversed(parts):
        part.end()


def said_to(port, pieces):
    """Everything that came back, to the end of the session."""
    said = b""
    with socket.create_connection(("127.0.0.1", port), timeout=15) as line, suppress(ConnectionError):
        for piece in pieces:
            line.sendall(piece)
        with suppress(OSError):  # the proxy may have reset the session already; what it said is still read
            line.shutdown(socket.SHUT_WR)
        while piece := line.recv(65536):
            said += piece
    return said


@pytest.mark.parametrize("turn", range(10))
def test_noise_is_answered_with_replies_and_the_proxy_stands(turn, stage):
    *_, proxy = stage

    for seed in range(turn * 60, turn * 60 + 60):
        said = said_to(proxy.port, noise(seed))
        lines = said.split(b"\r\n")
        assert all(line[:3].isdigit() and line[3:4] in (b" ", b"-", b"") for line in lines[:-1]), (seed, said)

    assert answers(proxy.port)
    assert not proxy.has_ended()
    assert b"Traceback" not in proxy.log.read_bytes()


def test_only_whole_envelopes_of_the_noise_reach_a_backend(stage):
    old, new, _ = stage

    records = [*old.taken(), *new.taken()]

    assert len(records) > 3
    assert all(one["recipients"] and b"@" in one["recipients"][0].encode() for one in records)


def test_a_session_that_falls_silent_everywhere_holds_nobody_up(stage):
    *_, proxy = stage
    stuck = [socket.create_connection(("127.0.0.1", proxy.port), timeout=10) for _ in range(40)]
    for number, line in enumerate(stuck):
        line.sendall(WHOLE[0][: 1 + number * 2])

    said = said_to(proxy.port, [WHOLE[0] + b"Message-ID: <through@c.example>\r\n\r\nx\r\n.\r\nQUIT\r\n"])

    for line in stuck:
        line.close()
    assert said.count(b"\r\n250 ") >= 3
    assert said.splitlines()[-1].startswith(b"221")
