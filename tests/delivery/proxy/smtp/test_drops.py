"""A backend that leaves between MAIL and the end of the header, and is slow when it is asked again: where the message
goes then, and whether the journal, the pools and the replies agree on that.
"""

import pytest

from delivery.proxy.choice.weight import position_of
from delivery.proxy.control.standing import drain_side, roll_back
from delivery.proxy.smtp.farewell import cut
from tests.delivery.proxy.smtp.stage import CLOSE, OFFERS, OK, Backend, Last, Late, perform

SHARE = 49
PLAIN = tuple(one for one in OFFERS if one != b"PIPELINING")
GREETING = b"220 here ESMTP\r\n"
SLOW = {"greeting": [GREETING, Late(GREETING, 0.1), GREETING], "MAIL": [OK, Late(OK, 0.1), OK]}


def named(side, which=0):
    """A message that belongs there."""
    ids = (b"<%d@x.example>" % number for number in range(1000))
    mine = [one for one in ids if (position_of("message", one) < SHARE) == (side == "new")]
    return b"Message-ID: %b\r\nSubject: s\r\n\r\nhello\r\n" % mine[which]


def leaving(step, slow, offers):
    """It leaves after its first reply to `step`, and is slow at `slow` when it is asked again."""
    script = {slow: [*SLOW[slow]]}
    first, *rest = script.get(step, [b"354 go on\r\n"] * 2 if step == "DATA" else [OK, OK])
    return Backend("old", offers=offers, **{**script, step: [Last(first), *rest]})


async def finish(stage, talk, content):
    """The dot is said once a backend takes the content: after it, a loss would be an unknown outcome."""
    talk.writer.write(content)
    await stage.until(lambda: stage.old.unfinished + stage.new.unfinished == 1)
    return await talk.say(b".")


async def sides_agree(stage, talk):
    """That no connection of one side is among those of the other, and nothing is left."""
    for side in ("old", "new", "new", "old"):
        which = 1 + len(stage.entries())
        assert await talk.send(named(side, which)) == b"250 2.0.0 %b took it\r\n" % side.encode()
        assert stage.outcomes()[-1] == (side, "accepted")
    assert not stage.proxy.under_way
    assert not stage.proxy.journal.transactions
    assert [one.owner for pool in stage.proxy.pools.values() for one in pool.connections if one.owner] == []


@pytest.mark.parametrize("offers", [OFFERS, PLAIN], ids=["pipelined", "plain"])
@pytest.mark.parametrize("slow", ["greeting", "MAIL"])
@pytest.mark.parametrize(
    ("side", "step"), [("old", "MAIL"), ("old", "RCPT"), ("old", "DATA"), ("new", "MAIL"), ("new", "RCPT")]
)
def test_a_message_goes_to_its_side_although_the_first_backend_left(tmp_path, side, step, slow, offers):
    async def scenario(stage):
        stage.proxy.pools["new"].close_idle()
        talk = await stage.connect()
        heard = [await talk.say(b"MAIL FROM:<a@x.example>")]
        if step == "MAIL":
            await stage.until(lambda: all(one.connection is None for one in stage.proxy.under_way))
        heard.append(await talk.say(b"RCPT TO:<b@y.example>"))
        if step == "RCPT":
            await stage.until(lambda: all(one.connection is None for one in stage.proxy.under_way))
        heard.append(await talk.say(b"DATA"))

        reply = await finish(stage, talk, named(side))

        assert [one[:3] for one in heard] == [b"250", b"250", b"354"]
        assert reply == b"250 2.0.0 %b took it\r\n" % side.encode()
        assert stage.outcomes()[-1] == (side, "accepted")
        assert stage.entries()[-1].rule == "split"
        assert len(stage.old.messages) + len(stage.new.messages) == 1
        await sides_agree(stage, talk)

    new = Backend("new", offers=offers, **{slow: [*SLOW[slow]]})
    perform(tmp_path, scenario, old=leaving(step, slow, offers), new=new, share=SHARE)


@pytest.mark.parametrize("offers", [OFFERS, PLAIN], ids=["pipelined", "plain"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_client_that_says_all_at_once_hears_as_many_replies_as_it_said_commands(tmp_path, step, offers):
    async def scenario(stage):
        talk = await stage.connect()
        talk.writer.write(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nRCPT TO:<c@y.example>\r\nDATA\r\n")

        heard = [await talk.hear() for _ in range(4)]
        reply = await finish(stage, talk, named("old"))
        after = await talk.say(b"NOOP")

        assert [one[:3] for one in heard] == [b"250", b"250", b"250", b"354"]
        assert (reply[:3], after) == (b"250", b"250 2.0.0 Ok\r\n")
        assert stage.entries()[-1].recipients == (b"b@y.example", b"c@y.example")
        await sides_agree(stage, talk)

    perform(tmp_path, scenario, old=leaving(step, "MAIL", offers), new=Backend("new", offers=offers), share=SHARE)


def test_a_backend_that_always_leaves_after_mail_is_tried_twice_and_then_the_other_takes_over(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()

        reply = await talk.send(named("old"))

        assert reply == b"250 2.0.0 new took it\r\n"
        assert [(one.backend, one.outcome, one.rule) for one in stage.entries()] == [("new", "accepted", "failover")]
        assert stage.old.lines.count(b"MAIL FROM:<ann@example.com>") == 2

    perform(tmp_path, scenario, old=Backend("old", MAIL=Last(OK)), share=SHARE)


def test_a_connection_that_comes_too_late_goes_back_to_the_pool_that_opened_it(tmp_path):
    async def scenario(stage):
        pools = stage.proxy.pools
        pools["old"].close_idle()
        talk = await stage.connect()
        talk.writer.write(b"MAIL FROM:<a@x.example>\r\n")
        await stage.until(lambda: stage.proxy.under_way)
        cut(talk.writer.transport)
        await stage.until(lambda: not stage.proxy.under_way)
        await stage.until(lambda: any(pools["old"].idle.values()))

        assert {one.pool for kept in pools["old"].idle.values() for one in kept} == {pools["old"]}
        assert [line for line in stage.old.lines if line.startswith(b"MAIL")] == []
        await sides_agree(stage, await stage.connect())

    greeting = [GREETING, Late(GREETING, 0.15), GREETING]
    perform(tmp_path, scenario, old=Backend("old", greeting=greeting), share=SHARE)


def test_a_transaction_under_way_does_not_fall_over_to_the_new_side_after_a_rollback(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.say(b"MAIL FROM:<a@x.example>", b"RCPT TO:<b@y.example>", b"DATA")
        stage.process.steering.standing.decide(roll_back)
        await stage.old.stop()

        reply = await talk.say(named("old") + b".")

        assert reply[:3] == b"451"
        assert [line for line in stage.new.lines if line.startswith(b"MAIL")] == []

    perform(tmp_path, scenario, share=SHARE)


def test_a_backend_seen_later_gets_no_message_that_it_cannot_take(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.say(b"MAIL FROM:<a@x.example> BODY=8BITMIME", b"RCPT TO:<b@y.example>", b"DATA")
        shared = await talk.say(named("new") + b".")
        stage.process.steering.standing.decide(drain_side("old"))
        alone = await talk.say(b"MAIL FROM:<a@x.example> BODY=8BITMIME")
        plain = await talk.send(named("new", 1))
        again = await (await stage.connect(hello=None)).say(b"EHLO client.example")

        assert shared == b"250 2.0.0 old took it\r\n"
        assert stage.entries()[0].rule == "failover"
        assert alone[:9] == b"451 4.6.3"
        assert plain == b"250 2.0.0 new took it\r\n"
        assert not any(b"BODY" in line for line in stage.new.lines)
        assert b"8BITMIME" not in again

    new = Backend("new", offers=(b"PIPELINING",), greeting=[CLOSE, GREETING])
    perform(tmp_path, scenario, new=new, share=SHARE)


def test_a_transaction_that_fell_over_at_mail_stays_where_it_is_when_its_recipient_is_known(tmp_path):
    rules = '---\n[[split.rules]]\nname = "them"\ndomain = "new.example"\nto = "new"\n'

    async def scenario(stage):
        talk = await stage.connect()

        reply = await talk.send(named("new"), recipients=(b"b@new.example",))

        assert reply == b"250 2.0.0 old took it\r\n"
        assert stage.entries()[-1].rule == "failover"
        assert len([line for line in stage.old.lines if line.startswith(b"MAIL")]) == 1

    perform(tmp_path, scenario, new=Backend("new", greeting=CLOSE), share=90, more=rules)


class Fault(Exception):  # noqa: N818 (what nobody foresaw)
    pass


def broken(*_words):
    raise Fault


@pytest.mark.parametrize(
    ("part", "name", "outcomes"),
    [
        ("chooser", "settled", []),
        ("journal", "key_of", []),
        ("journal", "append", []),
        ("journal", "put", [("old", "unknown")]),
        ("pool", "give_back", [("old", "accepted")]),
    ],
)
def test_a_fault_of_the_proxy_itself_ends_the_session_with_451_and_a_line_of_the_log(
    tmp_path, monkeypatch, capsys, part, name, outcomes
):
    async def scenario(stage):
        proxy = stage.proxy
        parts = {"chooser": proxy.chooser, "journal": proxy.journal, "pool": proxy.pools["old"]}
        talk = await stage.connect()
        await talk.say(b"MAIL FROM:<a@x.example>", b"RCPT TO:<b@y.example>", b"DATA")
        with monkeypatch.context() as changed:
            changed.setattr(parts[part], name, broken)
            reply = await talk.say(named("old") + b".")
            end = await talk.hear()

        assert (reply[:9], end) == (b"451 4.3.0", b"")
        assert stage.outcomes() == outcomes
        assert not stage.proxy.under_way
        if ("old", "unknown") not in outcomes:  # for the journal itself it stays open until the next start
            await sides_agree(stage, await stage.connect())

    perform(tmp_path, scenario, share=SHARE)

    assert '"event": "fault"' in capsys.readouterr().err


def test_a_journal_that_never_tells_is_not_waited_for_for_ever(tmp_path, monkeypatch):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.say(b"MAIL FROM:<a@x.example>", b"RCPT TO:<b@y.example>", b"DATA")
        with monkeypatch.context() as changed:
            changed.setattr(stage.proxy.journal.commits, "expect", lambda _done: None)
            reply = await talk.say(named("old") + b".")

        assert reply[:9] == b"451 4.3.0"
        assert stage.outcomes() == [("old", "refused")]
        assert stage.old.messages == []

    perform(tmp_path, scenario, more="---\n[limits]\ndot = 0.3\n")
