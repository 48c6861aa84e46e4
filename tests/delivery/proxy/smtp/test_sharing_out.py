"""What many want and few can have: connections to a backend, and places under a cap."""

import asyncio
import random

import pytest

from delivery.proxy.figures import FAILURES_OLD
from tests.delivery.proxy.smtp.stage import RESET, Backend, perform

TWO = "connections = 2\n"
QUICK = "---\n[limits]\nconnect = 8\nhold = 0.4\n"
START = b"MAIL FROM:<ann@example.com>"
MESSAGE = b"Message-ID: <quick@example.com>\r\nSubject: s\r\n\r\nhello\r\n"
CAPPED = '---\n[[split.rules]]\nname = "warm-up"\ndomain = "example.org"\nper_day = 5\n'


def test_clients_that_say_nothing_give_way_to_those_who_wait_and_are_told_so(tmp_path):
    async def scenario(stage):
        slow = [await stage.connect() for _ in range(2)]
        for talk in slow:
            await talk.say(START)
        quick = await (await stage.connect()).send(MESSAGE)
        replies = [await talk.say(b"RCPT TO:<bob@example.org>") for talk in slow]
        await slow[0].say(b"RSET")
        again = [await talk.send(MESSAGE.replace(b"quick", b"slow")) for talk in slow[:1]]
        return quick, sorted(replies), again, stage.process.steering.figures.totals()["slow"]

    quick, replies, again, count = perform(tmp_path, scenario, old_settings=TWO, more=QUICK)

    assert quick == b"250 2.0.0 old took it\r\n"
    assert [one[:9] for one in replies] == [b"250 2.0.0", b"451 4.4.2"]
    assert again == [b"250 2.0.0 old took it\r\n"]
    assert count == 1


def test_a_trickle_of_content_gives_way_and_a_stream_does_not(tmp_path):
    old = Backend("old")

    async def drip(talk, stop):
        while not stop.is_set():
            talk.writer.write(b"x\r\n")
            await asyncio.sleep(0.05)

    async def pour(talk, stop):
        while not stop.is_set():
            talk.writer.write(b"x" * 998 + b"\r\n")
            await asyncio.sleep(0.02)

    async def scenario(stage):
        talks = [await stage.connect() for _ in range(2)]
        for talk in talks:
            await talk.say(START, b"RCPT TO:<bob@example.org>", b"DATA")
            talk.writer.write(b"Subject: long\r\n\r\n")
        stop = asyncio.Event()
        sending = [asyncio.create_task(way(talk, stop)) for way, talk in zip((drip, pour), talks, strict=True)]
        quick = await (await stage.connect()).send(MESSAGE)
        stop.set()
        await asyncio.gather(*sending)
        for talk in talks:
            talk.writer.write(b".\r\n")
        return quick, [await talk.hear() for talk in talks]

    quick, (dripped, poured) = perform(tmp_path, scenario, old, old_settings=TWO, more=QUICK)

    assert quick == poured == b"250 2.0.0 old took it\r\n"
    assert dripped.startswith(b"451 4.4.2 This message came so slowly that others had to wait")
    assert len(old.messages) == 2


def test_nobody_is_hurried_while_nobody_waits(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.say(START)
        await asyncio.sleep(1.2)
        return await talk.say(b"RCPT TO:<bob@example.org>")

    assert perform(tmp_path, scenario, old_settings=TWO, more=QUICK)[:3] == b"250"


def test_who_waits_for_a_slow_backend_is_no_slow_client(tmp_path):
    class Slow(Backend):
        async def reply(self, writer, told):
            if b"took it" in told:
                await asyncio.sleep(1.5)
            return await super().reply(writer, told)

    async def scenario(stage):
        talks = [await stage.connect() for _ in range(3)]
        ids = (b"one", b"two", b"three")
        return await asyncio.gather(
            *(talk.send(MESSAGE.replace(b"quick", name)) for talk, name in zip(talks, ids, strict=True))
        )

    heard = perform(tmp_path, scenario, Slow("old"), old_settings=TWO, more=QUICK)

    assert heard == [b"250 2.0.0 old took it\r\n"] * 3


class Full(Backend):
    """Serves two sessions at a time and leaves the others without a greeting, as Postfix does at its process limit."""

    room = 2

    async def serve(self, reader, writer):
        if self.room == 0:
            self.writers.add(writer)
            return
        self.room -= 1
        try:
            await super().serve(reader, writer)
        finally:
            self.room += 1


def test_a_server_that_serves_few_at_a_time_gets_all_messages_one_after_another(tmp_path):
    old = Full("old")

    async def scenario(stage):
        talks = [await stage.connect() for _ in range(12)]
        began = asyncio.get_running_loop().time()
        sent = (talk.send(MESSAGE.replace(b"quick", b"%d" % number)) for number, talk in enumerate(talks))
        heard = await asyncio.gather(*sent)
        return heard, asyncio.get_running_loop().time() - began

    heard, seconds = perform(tmp_path, scenario, old, more="---\n[limits]\nconnect = 8\n")

    assert heard == [b"250 2.0.0 old took it\r\n"] * 12
    assert seconds < 4
    assert len(set(old.messages)) == len(old.messages) == 12


def test_a_server_that_is_only_full_is_not_passed_over_when_a_connection_had_no_greeting(tmp_path):
    old = Full("old")

    async def scenario(stage):
        talks = [await stage.connect() for _ in range(4)]
        await asyncio.gather(*(talk.send(MESSAGE.replace(b"quick", b"%d" % at)) for at, talk in enumerate(talks)))
        pool = stage.proxy.pools["old"]
        held = await stage.connect()
        for at in range(25):  # seconds in which the connections without a greeting run out of time
            await held.send(MESSAGE.replace(b"quick", b"held-%d" % at))
            await asyncio.sleep(0.1)
        return pool.row[FAILURES_OLD], pool.shunned_until, await held.send(MESSAGE)

    failures, shunned_until, heard = perform(tmp_path, scenario, old, more="---\n[limits]\nconnect = 1\n")

    assert failures > 0
    assert shunned_until == 0.0
    assert heard == b"250 2.0.0 old took it\r\n"


def test_processes_share_the_connections_a_server_allows(tmp_path):
    async def scenario(stage):
        pool = stage.proxy.pools["old"]
        shares = {}
        for processes in (1, 2, 3, 200):
            pool.processes = processes
            pool.adopt(pool.settings)
            shares[processes] = pool.most
        return shares

    assert perform(tmp_path, scenario) == {1: 100, 2: 50, 3: 33, 200: 1}


@pytest.mark.parametrize(
    ("script", "heard", "left"),
    [
        ({}, b"250 2.0.0 new took it\r\n", 1),
        ({".": b"554 5.7.1 no\r\n"}, b"554 5.7.1 no\r\n", 0),
        ({"DATA": b"451 4.3.0 later\r\n"}, b"451 4.3.0 later\r\n", 0),
        ({"DATA": RESET}, b"250 2.0.0 old took it\r\n", 0),
        (
            {".": RESET},
            b"451 4.4.2 The reply to this message was lost; try again, it goes to the same mail server\r\n",
            1,
        ),
    ],
)
def test_a_cap_counts_what_the_new_side_has_or_may_have_and_nothing_else(tmp_path, script, heard, left):
    async def scenario(stage):
        reply = await (await stage.connect()).send(MESSAGE)
        return reply, sum(count for *_, count in stage.process.steering.caps.used())

    assert perform(tmp_path, scenario, new=Backend("new", **script), more=CAPPED) == (heard, left)


class Leaving(Backend):
    """Closes a connection a moment after its message, unless the next one has begun by then."""

    dice = random.Random(7)

    async def reply(self, writer, told):
        going_on = await super().reply(writer, told)
        if b"took it" in told:
            asyncio.get_running_loop().call_later(self.dice.uniform(0, 0.004), self.leave, writer, len(self.lines))
        return going_on

    def leave(self, writer, lines):
        if len(self.lines) == lines:
            writer.close()


def test_a_backend_that_closes_at_any_moment_between_two_messages_is_noticed_by_no_client(tmp_path):
    async def scenario(stage):
        talk, heard = await stage.connect(), set()
        for number in range(150):
            heard.add(await talk.send(MESSAGE.replace(b"quick", b"%d" % number)))
            await asyncio.sleep(Leaving.dice.uniform(0, 0.004))
        return heard, set(stage.outcomes())

    old = Leaving("old")
    heard, outcomes = perform(tmp_path, scenario, old)

    assert heard == {b"250 2.0.0 old took it\r\n"}
    assert outcomes == {("old", "accepted")}
    assert len(set(old.messages)) == len(old.messages) == 150
    assert old.connections > 20
