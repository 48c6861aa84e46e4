"""Who the client is said to be: XCLIENT and the PROXY protocol, on both sides."""

import asyncio

import pytest

from delivery.proxy.smtp.client import Client
from delivery.proxy.smtp.proxy_protocol import PROXY, SIGNATURE, BadHeaderError, read_header, write_header
from delivery.proxy.smtp.xclient import write_xclient
from tests.delivery.proxy.smtp.stage import OFFERS, Backend, Talk, perform

MESSAGE = b"Subject: one\r\nMessage-ID: <1@example.com>\r\n\r\nHello.\r\n"


def test_xclient_tells_the_backend_who_the_client_is(tmp_path):
    async def scenario(stage):
        assert await (await stage.connect()).send(MESSAGE) == b"250 2.0.0 old took it\r\n"

        told = [line for line in stage.old.lines if line.startswith(b"XCLIENT")][-1]
        assert told == b"XCLIENT NAME=[UNAVAILABLE] ADDR=127.0.0.1 HELO=client.example"
        assert stage.old.lines[stage.old.lines.index(told) + 1] == b"EHLO proxy.example"

    old = Backend("old", offers=(*OFFERS, b"XCLIENT NAME ADDR HELO"))
    perform(tmp_path, scenario, old=old, old_settings='identity = "xclient"\n')


def test_without_xclient_no_mail_goes_where_it_would_look_like_the_proxys_own(tmp_path):
    async def scenario(stage):
        assert (await (await stage.connect()).send(MESSAGE))[:3] == b"451"
        assert stage.old.messages == []

    perform(tmp_path, scenario, old_settings='identity = "xclient"\n')


def test_xclient_writes_what_might_be_misread_as_xtext():
    client = Client("2001:db8::1", 25, "192.0.2.1", 2525, b"a+b=c \xc3\xa4", "ann@example.com")

    told = write_xclient(client, b"addr port helo login proto destaddr destport more")

    assert told == (
        b"XCLIENT ADDR=IPV6:2001:db8::1 PORT=25 HELO=a+2Bb+3Dc+20+C3+A4 LOGIN=ann@example.com PROTO=ESMTP "
        b"DESTADDR=192.0.2.1 DESTPORT=2525"
    )


def test_a_balancer_is_believed_about_the_client(tmp_path):
    header = write_header(Client("192.0.2.7", 4711, "192.0.2.1", 25))

    async def scenario(stage):
        for number, sent in enumerate((header, b"PROXY TCP4 192.0.2.8 192.0.2.1 4711 25\r\n", b"PROXY UNKNOWN\r\n")):
            talk = Talk(*await asyncio.open_connection("127.0.0.1", stage.port))
            for byte in sent:
                talk.writer.write(bytes((byte,)))
                await talk.writer.drain()
            assert (await talk.hear())[:3] == b"220"
            await talk.say(b"EHLO client.example")
            await talk.send(MESSAGE.replace(b"<1@", b"<%d@" % number))

        assert [entry.client for entry in stage.entries()] == ["192.0.2.7", "192.0.2.8", "127.0.0.1"]

    perform(tmp_path, scenario, listener='balancers = ["127.0.0.0/8"]\n')


def test_who_should_say_who_the_client_is_and_does_not_is_not_listened_to(tmp_path):
    async def scenario(stage):
        talk = Talk(*await asyncio.open_connection("127.0.0.1", stage.port))
        talk.writer.write(b"EHLO client.example\r\n")

        assert await talk.hear() == b""
        await stage.until(lambda: not stage.proxy.sessions)

    perform(tmp_path, scenario, listener='balancers = ["127.0.0.1"]\n')


def test_a_backend_may_be_told_with_a_proxy_header(tmp_path):
    class Told(Backend):
        headers: list = []

        async def serve(self, reader, writer):
            header = await reader.readexactly(16)
            rest = await reader.readexactly(int.from_bytes(header[14:16], "big"))
            self.headers.append(read_header(header + rest))
            await super().serve(reader, writer)

    async def scenario(stage):
        assert await (await stage.connect()).send(MESSAGE) == b"250 2.0.0 old took it\r\n"
        assert stage.old.headers[-1].source[0] == "127.0.0.1"
        assert stage.old.headers[-1].destination == ("127.0.0.1", stage.port)

    perform(tmp_path, scenario, old=Told("old"), old_settings='identity = "proxy"\n')


CLIENTS = [
    Client("192.0.2.7", 4711, "192.0.2.1", 25),
    Client("2001:db8::7", 4711, "2001:db8::1", 25),
]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_proxy_header_is_read_as_it_was_written(client):
    written = write_header(client)

    found = read_header(written + b"EHLO x\r\n")

    assert found.source == (client.address, client.port)
    assert found.destination == (client.server, client.server_port)
    assert found.length == len(written)
    assert [read_header(written[:size]) for size in range(len(written))] == [None] * len(written)


def test_addresses_of_both_kinds_are_written_as_the_longer_one():
    found = read_header(write_header(Client("192.0.2.7", 1, "2001:db8::1", 2)))

    assert found.source == ("::ffff:c000:207", 1)


@pytest.mark.parametrize(
    "sent",
    [b"EHLO x\r\n", b"PROXY TCP4 x y 1 2\r\n", b"PROXY " + b"x" * 200, b"PROXY NEW\r\n",
     SIGNATURE + bytes((0x31, 0x11, 0, 12)) + bytes(12), SIGNATURE + bytes((PROXY, 0x11, 0, 4)) + bytes(4)],
)  # fmt: skip
def test_what_is_no_proxy_header_is_told(sent):
    with pytest.raises(BadHeaderError):
        read_header(sent)
