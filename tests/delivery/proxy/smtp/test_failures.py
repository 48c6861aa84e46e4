"""What is answered, journalled and delivered when a backend or a client fails, step by step."""

import asyncio

import pytest

from tests.delivery.proxy.smtp.stage import CLOSE, HANG, RESET, Backend, perform

MESSAGE = b"Subject: one\r\nMessage-ID: <1@example.com>\r\n\r\nHello.\r\n"
QUICK = "[limits]\nconnect = 0.3\ncommand = 0.5\nblock = 0.4\ndot = 0.4\n"
BOTH = {"share": 1, "more": f'---\nseed = "x"\n{QUICK}'}


def numbered(number):
    return MESSAGE.replace(b"<1@", b"<%d@" % number)


WAYS = [CLOSE, RESET, HANG, b"421 4.3.2 going down\r\n", b"junk\r\n"]
FAILURES = [
    *((verb, way) for verb in ("greeting", "EHLO", "MAIL", "RCPT", "DATA") for way in WAYS),
    *((verb, b"554 5.7.1 not you\r\n") for verb in ("greeting", "EHLO")),
]


@pytest.mark.parametrize(("verb", "way"), FAILURES)
def test_before_the_dot_the_other_side_takes_over_where_the_rule_shares(tmp_path, verb, way):
    async def scenario(stage):
        talk = await stage.connect()

        heard = await talk.send(MESSAGE)

        assert heard == b"250 2.0.0 new took it\r\n"
        assert (stage.old.messages, stage.new.messages) == ([], [MESSAGE])
        assert stage.outcomes()[-1] == ("new", "accepted")
        assert ("old", "unknown") not in stage.outcomes()
        assert stage.entries()[-1].rule == "failover"

    perform(tmp_path, scenario, old=Backend("old", **{verb: way}), **BOTH)


def test_a_backend_that_breaks_off_in_the_content_is_replaced_while_the_content_is_held(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.say(b"MAIL FROM:<ann@example.com>", b"RCPT TO:<bob@example.org>", b"DATA")
        talk.writer.write(MESSAGE)
        await stage.until(lambda: stage.new.unfinished == 1)

        heard = await talk.say(b".")

        assert heard == b"250 2.0.0 new took it\r\n"
        assert (stage.old.messages, stage.new.messages) == ([], [MESSAGE])
        assert stage.outcomes() == [("new", "accepted")]

    perform(tmp_path, scenario, old=Backend("old", content=RESET), **BOTH)


def test_a_backend_that_breaks_off_in_a_large_content_makes_the_client_try_again(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()

        heard = await talk.send(MESSAGE + b"x" * 998 + b"\r\n" + (b"y" * 998 + b"\r\n") * 3000)

        assert heard[:3] == b"451"
        assert stage.old.messages == stage.new.messages == []
        assert {outcome for _, outcome in stage.outcomes()} <= {"refused"}

    perform(tmp_path, scenario, old=Backend("old", content=RESET), **BOTH)


def test_nothing_goes_to_the_new_side_by_itself_where_no_rule_sends_anything_there(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()

        heard = await talk.send(MESSAGE)

        assert heard[:3] == b"451"
        assert b"MAIL" not in b" ".join(stage.new.lines)

    perform(tmp_path, scenario, old=Backend("old", greeting=CLOSE), more=f"---\n{QUICK}")


def test_what_failed_everywhere_is_answered_with_451_and_works_again_later(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        heard = await talk.send(MESSAGE)
        stage.old.script.clear()
        later = await talk.send(MESSAGE)

        assert heard[:3] == b"451"
        assert later == b"250 2.0.0 old took it\r\n"
        assert (len(stage.old.messages), len(stage.new.messages)) == (1, 0)

    perform(tmp_path, scenario, old=Backend("old", MAIL=CLOSE), new=Backend("new", MAIL=CLOSE), **BOTH)


def test_a_pooled_connection_that_died_is_replaced_by_a_fresh_one_to_the_same_side(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.send(numbered(1))
        stage.old.script["MAIL"] = [b"421 4.4.2 timed out\r\n", b"250 ok\r\n"]

        heard = await talk.send(numbered(2))

        assert heard == b"250 2.0.0 old took it\r\n"
        assert [entry.rule for entry in stage.entries()] == ["split", "split"]
        assert stage.new.messages == []

    perform(tmp_path, scenario, **BOTH)


@pytest.mark.parametrize("way", [CLOSE, RESET, HANG, b"junk\r\n", b"354 what\r\n"])
@pytest.mark.parametrize("was_taken", [True, False])
def test_after_the_dot_a_lost_reply_is_an_unknown_outcome_and_the_retry_goes_to_the_same_side(tmp_path, way, was_taken):
    async def scenario(stage):
        talk = await stage.connect()

        heard = await talk.send(MESSAGE)

        assert heard[:9] == b"451 4.4.2"
        assert stage.outcomes() == [("old", "unknown")]
        assert stage.new.messages == []
        stage.old.script.clear()
        stage.proxy.chooser.decisions = stage.proxy.chooser.decisions.__class__(everything="new")
        assert await talk.send(MESSAGE) == b"250 2.0.0 old took it\r\n"
        assert stage.outcomes() == [("old", "unknown"), ("old", "accepted")]
        assert stage.entries()[-1].rule == "retry"
        assert stage.new.messages == []

    perform(tmp_path, scenario, old=Backend("old", **{".": (way,) if was_taken else way}), **BOTH)


def test_a_retry_of_an_unknown_outcome_waits_for_its_side_rather_than_go_to_the_other(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.send(MESSAGE)
        await stage.old.stop()

        heard = await talk.send(MESSAGE)

        assert heard[:3] == b"451"
        assert stage.new.messages == []
        assert await talk.send(numbered(2)) == b"250 2.0.0 new took it\r\n"

    perform(tmp_path, scenario, old=Backend("old", **{".": CLOSE}), **BOTH)


def test_a_retry_of_what_was_accepted_is_answered_from_the_journal_and_not_sent_again(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        first = await talk.send(MESSAGE)
        again = await (await stage.connect()).send(MESSAGE)
        other = await talk.send(MESSAGE.replace(b"Hello", b"Adieu"))

        assert first == again == b"250 2.0.0 old took it\r\n"
        assert len(stage.old.messages) == 2
        assert stage.outcomes() == [("old", "accepted"), ("old", "repeated"), ("old", "accepted")]
        assert other[:3] == b"250"

    perform(tmp_path, scenario)


def test_the_same_message_twice_at_once_is_delivered_once(tmp_path):
    async def scenario(stage):
        one, two = await stage.connect(), await stage.connect()
        sending = asyncio.create_task(one.send(MESSAGE))
        await stage.until(lambda: stage.proxy.journal.transactions)

        heard = await two.send(MESSAGE)
        one.reset()
        sending.cancel()

        assert heard[:9] == b"451 4.5.0"
        assert stage.old.unfinished <= 1

    perform(tmp_path, scenario, old=Backend("old", **{".": HANG}))


@pytest.mark.parametrize("said", [b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.org>", b"DATA"])
def test_a_client_that_leaves_early_leaves_nothing_behind(tmp_path, said):
    async def scenario(stage):
        talk = await stage.connect()
        for line in (b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.org>", b"DATA"):
            await talk.say(line)
            if line == said:
                break
        talk.reset()

        await stage.until(lambda: not stage.proxy.under_way)
        assert await (await stage.connect()).send(MESSAGE) == b"250 2.0.0 old took it\r\n"
        assert stage.old.messages == [MESSAGE]

    perform(tmp_path, scenario)


@pytest.mark.parametrize("size", [10, 100_000, 2_000_000])
def test_a_client_that_breaks_off_in_the_content_delivers_nothing(tmp_path, size):
    async def scenario(stage):
        talk = await stage.connect()
        for line in (b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.org>", b"DATA"):
            await talk.say(line)
        talk.writer.write(MESSAGE + b"x" * size + b"\r\n.")
        await stage.until(lambda: stage.old.unfinished == 1)
        talk.reset()

        await stage.until(lambda: not stage.proxy.under_way)
        await stage.until(lambda: not stage.old.writers or stage.old.lines[-1] == b"QUIT")
        assert stage.old.messages == []
        assert b"QUIT" not in stage.old.lines
        assert stage.entries() == []

    perform(tmp_path, scenario)


def test_a_client_that_leaves_after_its_dot_has_its_message_journalled_all_the_same(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        for line in (b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.org>", b"DATA"):
            await talk.say(line)
        stage.old.script["."] = HANG
        talk.writer.write(MESSAGE + b".\r\n")
        await stage.until(lambda: stage.proxy.journal.transactions)
        await stage.until(lambda: stage.old.unfinished == 0)
        talk.reset()
        await stage.until(lambda: not stage.proxy.under_way)

        assert stage.outcomes() == [("old", "unknown")]

    perform(tmp_path, scenario, more=f"---\n{QUICK}")


def test_while_the_journal_cannot_be_written_nothing_is_taken(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        for line in (b"MAIL FROM:<a@example.com>", b"RCPT TO:<b@example.org>", b"DATA"):
            await talk.say(line)
        commits = stage.proxy.journal.commits
        commits.fail("no space left on device")
        in_hand = await talk.say(MESSAGE + b".")
        new = await talk.say(b"MAIL FROM:<a@example.com>")
        await stage.until(lambda: stage.proxy.journal.available)

        assert (in_hand[:9], new[:9]) == (b"451 4.3.0", b"451 4.3.0")
        assert stage.old.messages == []
        assert await talk.send(MESSAGE) == b"250 2.0.0 old took it\r\n"

    perform(tmp_path, scenario)


def test_a_recipient_that_only_the_first_side_takes_keeps_the_message_there(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        heard = {await talk.send(numbered(number)) for number in range(12)}

        assert heard == {b"250 2.0.0 old took it\r\n"}
        assert {entry.rule for entry in stage.entries() if entry.outcome == "accepted"} == {"split", "envelope-refused"}
        assert len(stage.old.messages) == 12
        assert stage.new.messages == []

    perform(tmp_path, scenario, new=Backend("new", RCPT=b"550 5.1.1 unknown\r\n"), share=49)
