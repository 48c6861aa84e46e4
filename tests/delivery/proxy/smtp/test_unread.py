"""Clients that do not read what they are told."""

import asyncio
from socket import SO_RCVBUF, SO_SNDBUF, SOL_SOCKET

import pytest

from delivery.proxy.smtp import farewell
from tests.delivery.proxy.smtp.stage import perform


@pytest.mark.parametrize("flood", [0, 200_000])
def test_a_client_that_reads_nothing_is_cut_off_and_nothing_of_it_is_left(tmp_path, flood):
    async def scenario(stage):
        talk = await stage.connect()
        (session,) = stage.proxy.sessions
        transport = session.transport
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, 4096)
        talk.writer.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
        talk.reader._transport.pause_reading()
        while not session.is_stuffed:
            talk.writer.write(b"NOOP\r\n" * 500)
            await asyncio.sleep(0)
        talk.writer.write(b"NOOP\r\n" * (flood // 6))
        await stage.until(lambda: session.is_paused or not flood)

        await stage.until(lambda: session not in stage.proxy.sessions)
        await stage.until(lambda: transport.get_extra_info("socket").fileno() < 0)

        assert not stage.proxy.clients

    perform(tmp_path, scenario, more="---\n[limits]\ncommand = 0.4\n")


def test_what_was_told_last_is_not_kept_for_ever_for_a_client_that_does_not_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr(farewell, "LAST_WORDS", 0.1)

    async def scenario(stage):
        talk = await stage.connect()
        (session,) = stage.proxy.sessions
        transport = session.transport
        transport.set_write_buffer_limits(high=10_000_000)
        transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, 4096)
        talk.reader._transport.pause_reading()
        session.write(b"250-more\r\n" * 700_000)
        talk.writer.write(b"QUIT\r\n")

        await stage.until(lambda: session not in stage.proxy.sessions)

        assert transport.get_write_buffer_size() > 0
        await stage.until(lambda: transport.get_extra_info("socket").fileno() < 0)

    perform(tmp_path, scenario)


async def in_content(stage, talk):
    await talk.say(b"MAIL FROM:<a@client.example>", b"RCPT TO:<b@mail.example>", b"DATA")
    (session,) = stage.proxy.sessions
    assert session.is_content
    session.pause_writing()  # as the loop says it where the client leaves too many replies unread
    talk.writer.write(b"Subject: on and on\r\n\r\n" + (b"x" * 76 + b"\r\n") * 4_001)
    await stage.until(lambda: session.is_paused)
    return session


def test_a_client_that_reads_nothing_is_cut_off_in_the_middle_of_its_content_too(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        session = await in_content(stage, talk)

        await stage.until(lambda: session not in stage.proxy.sessions)

        assert not stage.proxy.under_way
        assert not stage.old.messages
        assert not stage.new.messages

    perform(tmp_path, scenario, more="---\n[limits]\nblock = 0.4\n")


def test_a_client_that_reads_again_goes_on_with_its_content(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        session = await in_content(stage, talk)

        session.resume_writing()
        reply = await talk.say(b".")

        assert reply.startswith(b"250")
        assert [len(one) for one in (*stage.old.messages, *stage.new.messages)] == [22 + 78 * 4_001]

    perform(tmp_path, scenario)
