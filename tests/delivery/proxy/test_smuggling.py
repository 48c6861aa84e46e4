"""What the public smuggling tools send: a second envelope hidden in a body, behind an end of data that is none.

Neither backend may see the hidden envelope, also one that takes every lone dot for the end.
"""

import socket

import pytest

from tests.delivery.proxy.peers import Aiosmtpd, SmtpSink
from tests.delivery.proxy.running import Proxy, Sink, free_ports, wait_until

HIDDEN = b"MAIL FROM:<smuggled@evil.example>\r\nRCPT TO:<victim@mail.example>\r\nDATA\r\n"
SECOND = b"Message-ID: <smuggled@evil.example>\r\n\r\nhidden\r\n.\r\n"
FORMS = {
    "LF . LF": b"\n.\n",
    "LF . CRLF": b"\n.\r\n",
    "CRLF . LF": b"\r\n.\n",
    "CR . CR": b"\r.\r",
    "CR . CRLF": b"\r.\r\n",
    "CRLF . CR": b"\r\n.\r",
    "CR . LF": b"\r.\n",
    "LF . CR": b"\n.\r",
    "LF LF . CRLF": b"\n\n.\r\n",
    "LF LF . LF": b"\n\n.\n",
    "CRLF NUL . CRLF": b"\r\n\x00.\r\n",
    "CRLF NUL . CR": b"\r\n\x00.\r",
    "CRLF NUL . LF": b"\r\n\x00.\n",
    "CRLF . NUL CRLF": b"\r\n.\x00\r\n",
    "CR CRLF . CR CRLF": b"\r\r\n.\r\r\n",
    "CRLF . CR CRLF": b"\r\n.\r\r\n",
}


@pytest.fixture(scope="module", params=[0, 100], ids=["to the old side", "to the new side"])
def stage(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("smuggling")
    old, new = free_ports(2)
    parts = [SmtpSink(folder, "old", old), Aiosmtpd(folder, "new", new), Proxy(folder, old, new, share=request.param)]
    for part in parts:
        part.start()
    yield parts
    for part in reversed(parts):
        part.end()


def converse(port, pieces):
    """What the server said to each piece, reading for as long as it says something."""
    said = []
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        reader = line.makefile("rb")
        reader.readline()
        for piece in pieces:
            line.sendall(piece)
            said.append(read_reply(reader))
    return said


def read_reply(reader):
    while (text := reader.readline()) and text[3:4] == b"-":
        pass
    return text


def pieces_of(name, form):
    body = b"Message-ID: <%s@client.example>\r\n\r\nouter" % name.encode().hex().encode()
    yield b"EHLO client.example\r\n"
    yield b"MAIL FROM:<outer@client.example>\r\n"
    yield b"RCPT TO:<reader@mail.example>\r\n"
    yield b"DATA\r\n"
    yield body + form + HIDDEN + SECOND


@pytest.mark.parametrize("name", FORMS)
def test_a_hidden_envelope_reaches_neither_backend(name, stage):
    old, new, proxy = stage
    before = len(old.taken()) + len(new.taken())

    *_, said = converse(proxy.port, pieces_of(name, FORMS[name]))

    wait_until(lambda: len(old.taken()) + len(new.taken()) <= before + said.startswith(b"250"))
    records = [*old.taken(), *new.taken()]
    assert {one["sender"] for one in records} <= {"outer@client.example"}
    assert "victim@mail.example" not in {who for one in records for who in one["recipients"]}
    assert len(records) == before + said.startswith(b"250")
    assert said[:1] in (b"2", b"5")


@pytest.fixture(scope="module")
def lenient(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lenient")
    (port, other) = free_ports(2)
    sink = Sink(folder, "old", port, is_lenient=True).start()
    proxy = Proxy(folder, port, other, share=0).start()
    yield sink, proxy
    proxy.end()
    sink.end()


@pytest.mark.parametrize("name", FORMS)
def test_a_backend_that_takes_any_lone_dot_for_the_end_is_not_shown_one(name, lenient):
    sink, proxy = lenient

    *_, said = converse(proxy.port, pieces_of(name, FORMS[name]))

    assert said.startswith(b"5")
    assert sink.taken() == []


def test_what_the_lenient_backend_is_shown_directly_it_reads_as_two(tmp_path):
    (port,) = free_ports(1)
    sink = Sink(tmp_path, "old", port, is_lenient=True).start()

    for name, form in FORMS.items():
        converse(port, pieces_of(name, form))

    wait_until(lambda: len(sink.taken()) == 2 * len(FORMS))
    sink.end()
    assert [one["sender"] for one in sink.taken()] == ["outer@client.example", "smuggled@evil.example"] * len(FORMS)
