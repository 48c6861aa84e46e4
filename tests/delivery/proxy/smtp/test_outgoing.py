"""Words are written at the end of a turn of the loop, behind the journal and in order."""

import asyncio

from delivery.proxy.smtp.outgoing import Outgoing


class Commits:
    def __init__(self, written):
        self.written = written

    def flush(self):
        self.written.append("journal")


class Transport:
    def __init__(self, written, name, then=None):
        self.written, self.name, self.then, self.is_over = written, name, then, False

    def is_closing(self):
        return self.is_over

    def write(self, content):
        self.written.append((self.name, content))
        if self.then is not None:
            then, self.then = self.then, None
            then()


def played(scenario):
    async def play():
        written = []
        outgoing = Outgoing(asyncio.get_running_loop(), Commits(written))
        await scenario(outgoing, written)
        return written

    return asyncio.run(play())


def test_what_is_said_in_a_turn_is_written_at_its_end_behind_the_journal_and_in_order():
    async def scenario(outgoing, written):
        client, backend = Transport(written, "client"), Transport(written, "backend")
        outgoing.say(client, b"1")
        outgoing.say(backend, b"2")
        outgoing.say(client, b"3")
        assert (written, outgoing.turn) == ([], 0)
        await asyncio.sleep(0)
        assert outgoing.turn == 1

    assert played(scenario) == ["journal", ("client", b"1"), ("backend", b"2"), ("client", b"3")]


def test_whose_connection_ends_meanwhile_is_told_nothing_and_the_others_everything():
    async def scenario(outgoing, written):
        cut, other = Transport(written, "cut"), Transport(written, "other")
        outgoing.say(cut, b".\r\n")
        outgoing.say(other, b"250 Ok\r\n")
        cut.is_over = True
        await asyncio.sleep(0)

    assert played(scenario) == ["journal", ("other", b"250 Ok\r\n")]


def test_what_is_said_while_others_are_written_to_waits_for_the_journal_again():
    async def scenario(outgoing, written):
        later = Transport(written, "later")
        outgoing.say(Transport(written, "first", lambda: outgoing.say(later, b"2")), b"1")
        await asyncio.sleep(0)
        assert written == ["journal", ("first", b"1")]
        await asyncio.sleep(0)

    assert played(scenario) == ["journal", ("first", b"1"), "journal", ("later", b"2")]


def test_whoever_flushes_in_between_changes_no_order():
    async def scenario(outgoing, written):
        last = Transport(written, "last")
        outgoing.say(Transport(written, "first", outgoing.flush), b"1")
        outgoing.say(last, b"2")
        outgoing.say(last, b"3")
        await asyncio.sleep(0)

    assert played(scenario) == ["journal", ("first", b"1"), "journal", ("last", b"2"), ("last", b"3")]


class Broken(Transport):
    def write(self, content):
        raise RuntimeError(f"unable to write {content!r} to a closed transport")

    def abort(self):
        self.is_over = True


def test_a_connection_that_cannot_be_written_to_is_ended_and_the_others_are_told_in_the_same_turn():
    async def scenario(outgoing, written):
        broken, other = Broken(written, "broken"), Transport(written, "other")
        outgoing.say(broken, b"250 Ok\r\n")
        outgoing.say(other, b"250 Ok\r\n")
        await asyncio.sleep(0)
        assert broken.is_over

    assert played(scenario) == ["journal", ("other", b"250 Ok\r\n")]
