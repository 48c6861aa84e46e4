"""A client that comes again: with fewer recipients, with others, or with what only looks like the same message."""

import asyncio

from delivery.proxy.control.standing import release_side, roll_back
from tests.delivery.proxy.smtp.stage import RESET, Backend, perform

BOB, CAM, DAN = b"bob@example.org", b"cam@example.org", b"dan@example.org"
SENDER = b"ann@example.com"
PING = b"Subject: disk full on db1\r\n\r\n/var is at 95 %\r\n"
NAMED = b"Message-ID: <one@example.com>\r\n" + PING
RECKLESS = b"".join(line + b"\r\n" for line in (b"EHLO nc", b"MAIL FROM:<%b>" % SENDER, b"RCPT TO:<%b>" % BOB))


def roll_back_now(stage):
    stage.process.steering.standing.decide(roll_back)


async def begin(talk, recipients):
    await talk.say(b"MAIL FROM:<%b>" % SENDER, *(b"RCPT TO:<%b>" % one for one in recipients), b"DATA")


async def send_and_break_off(stage, content, recipients=(BOB,)):
    """Takes the dot with it and hears nothing of what became of it."""
    talk = await stage.connect()
    await begin(talk, recipients)
    talk.writer.write(content + b".\r\n")
    await stage.until(lambda: any(one.state == "dot" for one in stage.proxy.under_way))
    talk.reset()
    await stage.until(lambda: not stage.proxy.under_way and not stage.proxy.sessions)


class Slow(Backend):
    """Says what became of a message only when nobody waits any more."""

    async def reply(self, writer, told):
        if b"took it" in told and len(self.messages) == 1:
            await asyncio.sleep(0.2)
        return await super().reply(writer, told)


def test_a_retry_for_one_of_two_goes_to_the_side_that_may_have_it_and_says_who_may_have_it_twice(tmp_path):
    new = Backend("new", **{".": [(RESET,), b"250 2.0.0 new took it\r\n"]})

    async def scenario(stage):
        talk = await stage.connect()
        lost = await talk.send(NAMED, recipients=(BOB, CAM))
        roll_back_now(stage)
        one = await talk.send(NAMED, recipients=(CAM, DAN))
        return lost, one, stage.entries()

    old = Backend("old")
    lost, one, (first, second) = perform(tmp_path, scenario, old, new, share=100)

    assert lost.startswith(b"451 4.4.2 ")
    assert one == b"250 2.0.0 new took it\r\n"
    assert (len(old.messages), len(new.messages)) == (0, 2)
    assert (second.backend, second.rule, second.doubled) == ("new", "retry", (CAM,))
    assert (first.outcome, first.doubled) == ("unknown", ())


def test_a_message_to_nobody_the_lost_one_was_for_is_not_held_to_its_side(tmp_path):
    new = Backend("new", **{".": [(RESET,), b"250 2.0.0 new took it\r\n"]})

    async def scenario(stage):
        talk = await stage.connect()
        await talk.send(NAMED, recipients=(BOB, CAM))
        roll_back_now(stage)
        return await talk.send(NAMED, recipients=(DAN,)), stage.entries()[-1]

    heard, last = perform(tmp_path, scenario, Backend("old"), new, share=100)

    assert heard == b"250 2.0.0 old took it\r\n"
    assert (last.rule, last.doubled) == ("rollback", ())


def test_a_retry_of_part_of_what_was_accepted_unheard_is_answered_and_sent_nowhere(tmp_path):
    old, new = Backend("old"), Slow("new")

    async def scenario(stage):
        await send_and_break_off(stage, NAMED, (BOB, CAM))
        roll_back_now(stage)
        talk = await stage.connect()
        return await talk.send(NAMED, recipients=(CAM,)), stage.entries()[-1]

    heard, last = perform(tmp_path, scenario, old, new, share=100)

    assert heard == b"250 2.0.0 new took it\r\n"
    assert (len(old.messages), len(new.messages)) == (0, 1)
    assert (last.outcome, last.backend, last.rule, last.recipients) == ("repeated", "new", "retry", (CAM,))


def test_a_retry_for_one_more_goes_where_the_first_was_accepted_unheard(tmp_path):
    old, new = Backend("old"), Slow("new")

    async def scenario(stage):
        await send_and_break_off(stage, NAMED, (BOB,))
        roll_back_now(stage)
        talk = await stage.connect()
        return await talk.send(NAMED, recipients=(BOB, CAM)), stage.entries()[-1]

    heard, last = perform(tmp_path, scenario, old, new, share=100)

    assert heard == b"250 2.0.0 new took it\r\n"
    assert len(new.messages) == 2
    assert (last.rule, last.doubled) == ("retry", (BOB,))


def test_equal_messages_without_an_id_are_each_delivered(tmp_path):
    async def scenario(stage):
        talk, other = await stage.connect(), await stage.connect()
        heard = [await one.send(PING) for one in (talk, talk, other)]
        await talk.say(b"QUIT")
        again = await stage.connect()
        heard.append(await again.send(PING))
        again.close()  # without a word, but it has read the reply
        await stage.until(lambda: len(stage.proxy.sessions) == 1)
        heard.append(await (await stage.connect()).send(PING))
        return heard, stage.outcomes()

    old = Backend("old")
    heard, outcomes = perform(tmp_path, scenario, old)

    assert heard == [b"250 2.0.0 old took it\r\n"] * 5
    assert outcomes == [("old", "accepted")] * 5
    assert len(old.messages) == 5


def test_who_says_everything_at_once_and_leaves_may_do_it_again(tmp_path):
    async def scenario(stage):
        heard = []
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
            writer.write(RECKLESS + b"DATA\r\n" + PING + b".\r\nQUIT\r\n")
            writer.write_eof()
            heard.append(await reader.read())
            writer.close()
        return heard, stage.outcomes()

    heard, outcomes = perform(tmp_path, scenario)

    assert all(b"250 2.0.0 old took it\r\n221 " in one for one in heard)
    assert outcomes == [("old", "accepted")] * 2


def test_without_an_id_a_message_is_repeated_once_where_the_reply_was_lost(tmp_path):
    old = Slow("old")

    async def scenario(stage):
        await send_and_break_off(stage, PING)
        talk = await stage.connect()
        heard = [await talk.send(PING), await talk.send(PING)]
        return heard, stage.outcomes()

    heard, outcomes = perform(tmp_path, scenario, old)

    assert heard == [b"250 2.0.0 old took it\r\n"] * 2
    assert outcomes == [("old", "accepted"), ("old", "repeated"), ("old", "accepted")]
    assert len(old.messages) == 2


def test_with_its_id_and_content_a_message_is_the_same_however_well_the_first_reply_was_heard(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.send(NAMED)
        await talk.say(b"QUIT")
        roll_back_now(stage)
        talk = await stage.connect()
        return await talk.send(NAMED), await talk.send(NAMED + b"more\r\n"), stage.entries()

    old, new = Backend("old"), Backend("new")
    same, longer, entries = perform(tmp_path, scenario, old, new, share=100)

    assert same == b"250 2.0.0 new took it\r\n"
    assert longer == b"250 2.0.0 old took it\r\n"
    assert [(one.backend, one.outcome) for one in entries] == [
        ("new", "accepted"),
        ("new", "repeated"),
        ("old", "accepted"),
    ]


def test_once_released_a_retry_goes_where_the_split_says(tmp_path):
    new = Backend("new", **{".": (RESET,)})

    async def scenario(stage):
        talk = await stage.connect()
        await talk.send(NAMED)
        await stage.new.stop()
        roll_back_now(stage)
        held = await talk.send(NAMED)
        stage.process.steering.standing.decide(release_side("old"))
        stage.process.steering.watch.follow_decisions()
        still = await talk.send(NAMED)
        stage.process.steering.standing.decide(release_side("new"))
        stage.process.steering.watch.follow_decisions()
        return held, still, await talk.send(NAMED), stage.outcomes()

    held, still, free, outcomes = perform(tmp_path, scenario, Backend("old"), new, share=100)

    assert (held[:3], still[:3]) == (b"451", b"451")
    assert free == b"250 2.0.0 old took it\r\n"
    assert (outcomes[0], outcomes[-1]) == (("new", "unknown"), ("old", "accepted"))
