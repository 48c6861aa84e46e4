"""What passes when nothing goes wrong."""

import pytest

from tests.delivery.proxy.smtp.stage import OFFERS, Backend, perform

MESSAGE = b"Subject: one\r\nMessage-ID: <1@example.com>\r\n\r\nHello.\r\n..hidden\r\n"


def test_a_message_goes_to_one_backend_byte_for_byte_and_its_reply_comes_back_as_it_was(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()

        heard = await talk.send(MESSAGE)

        assert heard == b"250 2.0.0 old took it\r\n"
        assert stage.old.messages == [MESSAGE]
        assert stage.new.messages == []
        [entry] = stage.entries()
        assert (entry.backend, entry.outcome, entry.reply) == ("old", "accepted", b"250 2.0.0 old took it")
        assert (entry.sender, entry.recipients, entry.message_id) == (
            b"ann@example.com",
            (b"bob@example.org",),
            b"<1@example.com>",
        )
        assert (entry.size, entry.client, entry.rule) == (len(MESSAGE), "127.0.0.1", "split")

    perform(tmp_path, scenario)


def test_a_message_that_belongs_to_the_other_side_moves_there_before_its_content(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        heard = [await talk.send(MESSAGE.replace(b"<1@", b"<%d@" % number)) for number in range(40)]

        assert {reply.split()[2] for reply in heard} == {b"old", b"new"}
        assert len(stage.old.messages) + len(stage.new.messages) == 40
        assert [entry.backend for entry in stage.entries()] == [reply.split()[2].decode() for reply in heard]
        assert stage.old.connections + stage.new.connections < 6
        assert b"RSET" in stage.old.lines
        assert stage.old.unfinished == 0

    perform(tmp_path, scenario, share=40)


def test_the_same_message_goes_to_the_same_side_each_time(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        for number in range(20):
            for person in (b"bob@example.org", b"eve@example.org"):
                await talk.send(MESSAGE.replace(b"<1@", b"<%d@" % number), [person])

        sides = {}
        for entry in stage.entries():
            sides.setdefault(entry.message_id, set()).add(entry.backend)
        assert len(sides) == 20
        assert {len(of_one) for of_one in sides.values()} == {1}

    perform(tmp_path, scenario, share=50)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize("refusal", [b"451 4.7.1 come\tback later\r\n", b"550-5.1.1 no\r\n550 5.1.1 never\r\n"])
def test_what_a_backend_refuses_is_heard_in_its_own_words_and_nothing_is_delivered(tmp_path, verb, refusal):
    async def scenario(stage):
        talk = await stage.connect()

        heard = await talk.send(MESSAGE)

        assert heard == refusal
        assert stage.old.messages == stage.new.messages == []
        assert stage.new.lines == [b"EHLO proxy.example"]
        assert {outcome for _, outcome in stage.outcomes()} <= {"refused"}
        assert await talk.say(b"RSET") == b"250 2.0.0 Ok\r\n"
        stage.old.script.clear()
        assert await talk.send(MESSAGE) == b"250 2.0.0 old took it\r\n"

    perform(tmp_path, scenario, old=Backend("old", **{verb: refusal}))


def test_one_refused_recipient_does_not_stop_the_others(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        await talk.say(b"MAIL FROM:<ann@example.com>")
        refused = await talk.say(b"RCPT TO:<bob@example.org>")
        taken = await talk.say(b"RCPT TO:<eve@example.org>")
        await talk.say(b"DATA")
        heard = await talk.say(MESSAGE + b".")

        assert (refused, taken[:3], heard[:3]) == (b"550 5.1.1 unknown\r\n", b"250", b"250")
        assert stage.entries()[0].recipients == (b"eve@example.org",)

    perform(tmp_path, scenario, old=Backend("old", RCPT=[b"550 5.1.1 unknown\r\n", b"250 ok\r\n"]))


def test_only_what_both_backends_offer_is_offered(tmp_path):
    async def scenario(stage):
        talk = await stage.connect(hello=None)
        offered = await talk.say(b"EHLO client.example")

        assert offered == (b"250-proxy.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n")
        assert (await talk.say(b"MAIL FROM:<a@example.com> RET=HDRS"))[:3] == b"555"
        assert (await talk.say(b"BDAT 3 LAST"))[:3] == b"502"
        assert (await talk.say(b"MAIL FROM:<a@example.com> BODY=8BITMIME"))[:3] == b"250"
        assert stage.old.lines[-1] == b"MAIL FROM:<a@example.com> BODY=8BITMIME"

    narrow = Backend("new", offers=(b"PIPELINING", b"8BITMIME", b"ENHANCEDSTATUSCODES", b"CHUNKING"))
    perform(tmp_path, scenario, old=Backend("old", offers=(*OFFERS, b"CHUNKING")), new=narrow)


def test_commands_that_come_all_at_once_are_answered_in_order(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        talk.writer.write(
            b"MAIL FROM:<ann@example.com>\r\nRCPT TO:<bob@example.org>\r\nNOPE\r\nRCPT TO:<eve@example.org>\r\nDATA\r\n"
        )
        heard = [await talk.hear() for _ in range(5)]
        talk.writer.write(MESSAGE + b".\r\nMAIL FROM:<>\r\nRSET\r\nQUIT\r\n")
        heard += [await talk.hear() for _ in range(4)]

        assert [reply[:3] for reply in heard] == [
            b"250",
            b"250",
            b"500",
            b"250",
            b"354",
            b"250",
            b"250",
            b"250",
            b"221",
        ]
        assert stage.entries()[0].recipients == (b"bob@example.org", b"eve@example.org")
        assert stage.old.messages == [MESSAGE]

    perform(tmp_path, scenario)


def test_a_trace_header_carries_the_number_of_the_transaction_to_either_side(tmp_path):
    async def scenario(stage):
        talk = await stage.connect()
        for number in range(12):
            await talk.send(MESSAGE.replace(b"<1@", b"<%d@" % number))

        sent = {message.partition(b"\r\n")[0] for message in stage.old.messages + stage.new.messages}
        assert sent == {b"X-Gatepost-Id: " + entry.id.encode() for entry in stage.entries()}
        assert stage.old.messages
        assert stage.new.messages
        assert all(message.endswith(MESSAGE[-20:]) for message in stage.old.messages)

    perform(tmp_path, scenario, share=50, more='trace_header = "X-Gatepost-Id"\n')


def test_a_connection_that_refused_something_does_not_serve_another_client(tmp_path):
    async def scenario(stage):
        first = await stage.connect()
        await first.send(MESSAGE)
        connections = stage.old.connections
        await first.send(MESSAGE.replace(b"<1@", b"<2@"))
        assert stage.old.connections == connections

        stage.old.script["RCPT"] = [b"550 no\r\n", b"250 ok\r\n"]
        await first.send(MESSAGE.replace(b"<1@", b"<3@"))
        await first.say(b"RSET")
        second = await stage.connect()
        await second.send(MESSAGE.replace(b"<1@", b"<4@"))

        assert stage.old.connections == connections + 1

    perform(tmp_path, scenario)
