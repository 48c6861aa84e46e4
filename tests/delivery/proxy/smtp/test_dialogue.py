"""What a client may say, and what it hears when it says something else, too much, or nothing."""

import asyncio

import pytest

from tests.delivery.proxy.smtp.stage import HANG, Backend, perform

MESSAGE = b"Subject: one\r\nMessage-ID: <1@example.com>\r\n\r\nHello.\r\n"


def heard_for(tmp_path, lines, hello=b"EHLO client.example", **settings):
    async def scenario(stage):
        talk = await stage.connect(hello=hello)
        return [await talk.say(line) for line in lines]

    return perform(tmp_path, scenario, **settings)


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ([b"RCPT TO:<b@example.org>"], [503]),
        ([b"DATA"], [503]),
        ([b"MAIL FROM:<a@example.com>", b"MAIL FROM:<a@example.com>"], [250, 503]),
        ([b"MAIL FROM:<a@example.com>", b"DATA"], [250, 554]),
        ([b"MAIL FROM:<a@example.com>", b"EHLO again.example", b"RCPT TO:<b@example.org>"], [250, 250, 503]),
        ([b"MAIL FROM:<a"], [501]),
        ([b"MAIL FROM:<a@example.com> SIZE=99999999999"], [552]),
        ([b"MAIL FROM:<a@example.com> SIZE=x"], [552]),
        ([b"NOOP", b"noop hello", b"RSET", b"VRFY bob", b"EXPN all", b"HELP"], [250, 250, 250, 252, 502, 502]),
        ([b"WHAT", b"", b" MAIL"], [500, 500, 500]),
        ([b"STARTTLS"], [502]),
        ([b"AUTH PLAIN AGEAYg=="], [502]),
        ([b"HELO"], [501]),
        ([b"QUIT"], [221]),
    ],
)  # fmt: skip
def test_each_command_has_its_place(tmp_path, lines, codes):
    heard = heard_for(tmp_path, lines)

    assert [int(reply[:3]) for reply in heard] == codes


def test_mail_needs_a_greeting_first(tmp_path):
    assert heard_for(tmp_path, [b"MAIL FROM:<a@example.com>"], hello=None)[0][:3] == b"503"
    assert heard_for(tmp_path, [b"HELO x.example", b"MAIL FROM:<a@example.com>"], hello=None)[1][:3] == b"250"


@pytest.mark.parametrize("sent", [b"NOOP\n", b"NOOP\rX\r\n", b"NO\0OP\r\n", b"MAIL FROM:<a@b>\nRCPT TO:<c@d>\r\n"])
def test_a_line_that_can_be_read_in_two_ways_is_refused_and_reaches_no_backend(tmp_path, sent):
    async def scenario(stage):
        talk = await stage.connect()
        before = len(stage.old.lines)
        talk.writer.write(sent)

        assert (await talk.hear())[:9] == b"500 5.5.2"
        assert len(stage.old.lines) == before

    perform(tmp_path, scenario)


def test_a_line_without_end_is_not_kept(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        talk.writer.write(b"NOOP " + b"x" * 3_000_000 + b"\r\nNOOP\r\n")

        assert (await talk.hear())[:9] == b"500 5.5.6"
        assert await talk.hear() == b"250 2.0.0 Ok\r\n"

    perform(tmp_path, scenario)


def test_who_makes_too_many_mistakes_is_sent_away(tmp_path):
    heard = heard_for(tmp_path, [b"WHAT"] * 4, more="---\n[limits]\nerrors = 3\n")

    assert [reply[:3] for reply in heard] == [b"500", b"500", b"500", b"421"]


def test_recipients_beyond_the_limit_are_put_off(tmp_path):
    lines = [b"MAIL FROM:<a@example.com>", *[b"RCPT TO:<b%d@example.org>" % number for number in range(3)]]

    heard = heard_for(tmp_path, lines, more="---\n[limits]\nrecipients = 2\n")

    assert [reply[:3] for reply in heard] == [b"250", b"250", b"250", b"452"]


def test_recipients_that_take_another_way_are_put_off(tmp_path):
    rules = '---\n[[split.rules]]\nname = "them"\ndomain = "new.example"\nto = "new"\n'

    async def scenario(stage):
        talk = await stage.connect()
        await talk.say(b"MAIL FROM:<a@example.com>")
        codes = [
            (await talk.say(b"RCPT TO:<%b>" % one))[:9]
            for one in (b"a@new.example", b"b@old.example", b"c@new.example")
        ]
        await talk.say(b"DATA")
        reply = await talk.say(MESSAGE + b".")

        assert codes == [b"250 2.0.0", b"452 4.5.3", b"250 2.0.0"]
        assert reply == b"250 2.0.0 new took it\r\n"
        assert stage.entries()[0].recipients == (b"a@new.example", b"c@new.example")
        assert b"RCPT" not in b" ".join(stage.old.lines)

    perform(tmp_path, scenario, more=rules)


def test_a_message_beyond_the_limit_is_refused_after_its_end_and_the_session_goes_on(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        heard = await talk.send(MESSAGE + (b"x" * 78 + b"\r\n") * 100_000)
        again = await talk.send(MESSAGE)

        assert heard[:9] == b"552 5.3.4"
        assert again == b"250 2.0.0 old took it\r\n"
        assert stage.old.messages == [MESSAGE]

    perform(tmp_path, scenario, more='---\n[limits]\nmessage = "1 MB"\n')


@pytest.mark.parametrize("form", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\rx", b"\r\n\0.\r\n"])
def test_a_smuggled_second_message_reaches_neither_backend(tmp_path, form):
    async def scenario(stage):
        talk = await stage.connect()
        smuggled = b"MAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nSubject: evil\r\n\r\nevil\r\n"
        heard = await talk.send(MESSAGE + b"text" + form + smuggled)
        again = await talk.send(MESSAGE)

        assert heard[:9] == b"550 5.5.2"
        assert again[:3] == b"250"
        assert stage.old.messages + stage.new.messages == [MESSAGE]
        assert b"evil" not in b" ".join(stage.old.lines + stage.new.lines)

    perform(tmp_path, scenario, share=50)


def test_who_says_nothing_for_too_long_hears_so_and_is_gone(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        heard = await talk.hear()

        assert heard[:9] == b"421 4.4.2"
        assert await talk.hear() == b""
        await stage.until(lambda: not stage.proxy.sessions)

    perform(tmp_path, scenario, more="---\n[limits]\ncommand = 0.2\n")


@pytest.mark.parametrize("drip", [b"", b"x"])
def test_content_that_stops_or_drips_is_given_up(tmp_path, drip):
    async def scenario(stage):
        talk = await stage.connect()
        for line in (b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.org>", b"DATA"):
            await talk.say(line)
        talk.writer.write(b"Subject: slow\r\n\r\n")
        hearing = asyncio.create_task(talk.hear())
        while not hearing.done():
            if drip and not talk.writer.is_closing():
                talk.writer.write(drip)
            await asyncio.sleep(0.05)

        assert hearing.result()[:9] == b"421 4.4.2"
        assert stage.old.messages == []
        await stage.until(lambda: not stage.proxy.under_way)

    perform(tmp_path, scenario, more="---\n[limits]\nblock = 0.3\n")


def test_a_slow_client_does_not_hold_up_another(tmp_path):
    async def scenario(stage):
        slow = [await stage.connect() for _ in range(30)]
        for talk in slow:
            await talk.say(b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.org>", b"DATA")
            talk.writer.write(b"Subject: slow\r\n")

        heard = await asyncio.wait_for((await stage.connect()).send(MESSAGE), 5)

        assert heard == b"250 2.0.0 old took it\r\n"

    perform(tmp_path, scenario)


def test_more_transactions_than_connections_wait_for_their_turn(tmp_path):
    async def scenario(stage):
        talks = [await stage.connect() for _ in range(8)]
        heard = await asyncio.gather(
            *(talk.send(MESSAGE.replace(b"<1@", b"<%d@" % number)) for number, talk in enumerate(talks))
        )

        assert set(heard) == {b"250 2.0.0 old took it\r\n"}
        assert len(stage.old.messages) == 8
        assert stage.old.connections <= 2

    narrow = "---\n[limits]\nconnect = 5\n"
    perform(tmp_path, scenario, more=narrow, old_settings="connections = 2\n")


def test_no_more_sessions_of_one_client_than_allowed(tmp_path):
    async def scenario(stage):
        talks = [await stage.connect(hello=None) for _ in range(2)]
        third = await stage.connect(hello=None)
        assert await third.hear() == b""
        talks[0].close()
        await stage.until(lambda: len(stage.proxy.sessions) == 1)

        assert (await (await stage.connect(hello=None)).say(b"NOOP"))[:3] == b"250"

    perform(tmp_path, scenario, more="---\n[limits]\nsessions_per_client = 2\n")


def test_a_client_that_does_not_read_is_not_written_to_for_ever(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        talk.reader._transport.pause_reading()
        for _ in range(20):
            talk.writer.write(b"NOOP\r\n" * 10_000)
            await asyncio.sleep(0.01)

        [session] = stage.proxy.sessions
        assert session.transport.get_write_buffer_size() < 2_000_000
        assert len(session.buffer) < 2_000_000

    perform(tmp_path, scenario)


def test_a_client_that_ends_its_side_early_hears_all_its_replies(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        talk.writer.write(
            b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n" + MESSAGE + b".\r\nQUIT\r\n"
        )
        talk.writer.write_eof()
        heard = [await talk.hear() for _ in range(5)]
        chatty = await stage.connect()
        chatty.writer.write(b"NOOP\r\n" * 300)
        chatty.writer.write_eof()

        assert [reply[:3] for reply in heard] == [b"250", b"250", b"354", b"250", b"221"]
        assert [await chatty.hear() for _ in range(300)] == [b"250 2.0.0 Ok\r\n"] * 300
        assert await chatty.hear() == b""
        assert stage.old.messages == [MESSAGE]

    perform(tmp_path, scenario)


def test_a_stop_lets_transactions_end_and_sends_the_others_away(tmp_path):
    async def scenario(stage):
        idle, busy = await stage.connect(), await stage.connect()
        for line in (b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.org>", b"DATA"):
            await busy.say(line)
        stage.process.asked_to_stop.set()

        assert (await idle.hear())[:9] == b"421 4.3.2"
        with pytest.raises(OSError, match="Connect call failed"):
            await stage.connect()
        assert await busy.say(MESSAGE + b".") == b"250 2.0.0 old took it\r\n"
        assert (await busy.hear())[:9] == b"421 4.3.2"
        assert stage.outcomes() == [("old", "accepted")]

    perform(tmp_path, scenario)


def test_a_stop_does_not_wait_for_ever(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.say(b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.org>", b"DATA")
        talk.writer.write(MESSAGE + b".\r\n")
        await stage.until(lambda: stage.proxy.journal.transactions)

    perform(tmp_path, scenario, old=Backend("old", **{".": HANG}), more="---\n[limits]\ndrain = 0.2\n")


def test_what_a_client_sent_ahead_of_a_refused_mail_is_not_counted_as_its_mistakes(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        ahead = [b"MAIL FROM:<a@x.example>", *[b"RCPT TO:<u%d@y.example>" % one for one in range(30)], b"DATA"]
        talk.writer.write(b"".join(line + b"\r\n" for line in ahead))
        heard = [await talk.hear() for _ in ahead]
        stage.old.script.clear()
        after = await talk.send(MESSAGE)
        unasked = [await talk.say(b"RCPT TO:<b@y.example>") for _ in range(4)]

        assert [one[:3] for one in heard] == [b"451"] + [b"503"] * 31
        assert after == b"250 2.0.0 old took it\r\n"
        assert [one[:3] for one in unasked] == [b"503", b"503", b"503", b"421"]

    old = Backend("old", MAIL=b"451 4.3.0 later\r\n")
    perform(tmp_path, scenario, old=old, more="---\n[limits]\nerrors = 3\n")
