"""Two hosts with a real Redis between them: what one has sent, the other does not send elsewhere."""

import asyncio
import shutil
import socket
import subprocess
import time

import pytest

from delivery.proxy.journal import Journal, JournalUnavailable, read_journal
from tests.delivery.proxy.journal.messages import REPLY, intent

SERVER = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="Redis is not installed: apt-get install redis-server")


def start(port, folder):
    words = [
        SERVER,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
        "--loglevel",
        "warning",
    ]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return running
        time.sleep(0.02)
    pytest.fail("Redis did not start")


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def shared(tmp_path, port):
    running = start(port, tmp_path)
    yield f"redis://127.0.0.1:{port}/0", running
    running.kill()
    running.wait()


def hosts(tmp_path, address, play):
    async def run():
        pair = [Journal.open(tmp_path / name, redis=address) for name in ("one", "two")]
        try:
            return await play(*pair)
        finally:
            for journal in pair:
                await journal.close()

    return asyncio.run(run())


async def told(journal):
    """All that was concluded so far has reached the Redis: its answer to a claim comes after what was told before."""
    last = intent(journal, b"<told@shop.example>", sender=b"told@shop.example")
    await journal.intend(last)
    journal.conclude(last.id, "refused", b"451 later")


async def put_off(journal, one):
    with pytest.raises(JournalUnavailable, match="Another host has had this message"):
        await journal.intend(one)
    journal.conclude(one.id, "refused", b"451 later")


def test_what_one_host_has_sent_the_other_answers_at_its_second_sight(tmp_path, shared):
    async def play(one, two):
        sent = intent(one)
        await one.intend(sent)
        one.conclude(sent.id, "accepted", REPLY)
        await told(one)
        again = intent(two)
        before = two.earlier(again.key)
        await put_off(two, again)
        return sent, before, two.earlier(again.key)

    sent, before, after = hosts(tmp_path, shared[0], play)

    assert before == ()
    assert [(entry.id, entry.outcome, entry.digest, entry.reply) for entry in after if entry.id == sent.id] == [
        (sent.id, "accepted", sent.digest, REPLY)
    ]
    assert [entry.outcome for entry in read_journal(tmp_path / "two")] == ["refused"]


def test_an_unknown_outcome_pins_the_other_host_to_the_same_side(tmp_path, shared):
    async def play(one, two):
        sent = intent(one, backend="old")
        await one.intend(sent)
        one.conclude(sent.id, "unknown", b"")
        await told(one)
        await put_off(two, intent(two, backend="new"))
        pinned = [entry.backend for entry in two.earlier(sent.key) if entry.outcome == "unknown"]
        same = intent(two, backend="old")
        await two.intend(same)
        two.conclude(same.id, "accepted", REPLY)
        return pinned

    assert hosts(tmp_path, shared[0], play) == ["old"]


def test_a_retry_for_fewer_recipients_is_known_to_the_other_host_and_one_for_others_is_free(tmp_path, shared):
    async def play(one, two):
        sent = intent(one, backend="old", recipients=(b"ann@mail.example", b"bob@mail.example"))
        await one.intend(sent)
        one.conclude(sent.id, "unknown", b"")
        await told(one)
        await two.intend(intent(two, backend="new", recipients=(b"cam@mail.example",)))
        fewer = intent(two, backend="new", recipients=(b"bob@mail.example",))
        await put_off(two, fewer)
        return [(entry.backend, entry.outcome) for entry in two.binding(fewer.key) if entry.id == sent.id]

    assert hosts(tmp_path, shared[0], play) == [("old", "unknown")]


def test_without_an_id_only_a_reply_that_was_lost_binds_the_other_host(tmp_path, shared):
    async def play(one, two):
        put_off_for = []
        for hearing in ("heard", "left", "broken"):
            sender = b"%b@mail.example" % hearing.encode()
            key = one.key_of(sender, (b"ann@mail.example",), b"digest", is_named=False)
            sent = intent(one, b"", sender=sender, key=key)
            await one.intend(sent)
            one.conclude(sent.id, "accepted", REPLY)
            one.hear(sent.id, key) if hearing == "heard" else one.miss(sent.id, key, hearing)
            await told(one)
            again = intent(two, b"", sender=sender, key=key)
            try:
                await two.intend(again)
            except JournalUnavailable:
                put_off_for.append(hearing)
        return put_off_for

    assert hosts(tmp_path, shared[0], play) == ["broken"]


def test_the_same_message_is_not_under_way_on_two_hosts(tmp_path, shared):
    async def play(one, two):
        going = intent(one)
        await one.intend(going)
        await put_off(two, intent(two))
        other_content = intent(two, digest="cd" * 16)
        await two.intend(other_content)
        return [entry.outcome for entry in two.earlier(going.key) if entry.id == going.id]

    assert hosts(tmp_path, shared[0], play) == []


def test_what_was_under_way_elsewhere_is_asked_for_anew_once_it_may_have_ended(tmp_path, shared):
    async def play(one, two):
        going = intent(one)
        await one.intend(going)
        await put_off(two, intent(two))
        while_under_way = two.binding(going.key)
        one.conclude(going.id, "accepted", REPLY)
        await told(one)
        await put_off(two, intent(two))
        return while_under_way, [(entry.outcome, entry.reply) for entry in two.binding(going.key)]

    assert hosts(tmp_path, shared[0], play) == ((), [("accepted", REPLY)])


def test_what_another_host_released_holds_no_retry_here_once_it_is_released_here(tmp_path, shared):
    async def play(one, two):
        sent = intent(one, backend="old")
        await one.intend(sent)
        one.conclude(sent.id, "unknown", b"")
        await told(one)
        await put_off(two, intent(two, backend="new"))
        held = [entry.id == sent.id for entry in two.binding(sent.key)]
        released = one.hearings.release("old")
        await told(one)
        two.hearings.release("old")
        free = two.binding(sent.key)
        await two.intend(intent(two, backend="new"))
        return held, released, free

    assert hosts(tmp_path, shared[0], play) == ([True], 1, ())


def test_what_a_host_left_open_that_gives_no_sign_of_life_is_unknown(tmp_path, shared):
    async def play(one, two):
        going = intent(one, backend="old")
        await one.intend(going)
        await one.sharing.client.delete(f"gatepost:alive:{one.prefix}")
        await put_off(two, intent(two, backend="new"))
        return [entry.outcome for entry in two.earlier(going.key) if entry.id == going.id]

    assert hosts(tmp_path, shared[0], play) == ["unknown"]


def test_what_was_refused_is_free_for_any_host(tmp_path, shared):
    async def play(one, two):
        sent = intent(one)
        await one.intend(sent)
        one.conclude(sent.id, "refused", b"451 later")
        await told(one)
        again = intent(two, backend="old")
        await two.intend(again)
        return [entry.id == again.id for entry in two.earlier(sent.key)]

    assert hosts(tmp_path, shared[0], play) == [True]


def test_without_the_redis_nothing_is_promised_until_it_is_back(tmp_path, shared, port):
    address, running = shared
    later = []

    async def play(one, _two):
        running.kill()
        running.wait()
        sent = intent(one)
        with pytest.raises(JournalUnavailable, match="Redis does not answer"):
            await one.intend(sent)
        one.conclude(sent.id, "refused", b"451 later")
        was_available = one.available
        later.append(await asyncio.to_thread(start, port, tmp_path))
        async with asyncio.timeout(20):
            while not one.available:  # noqa: ASYNC110 (nobody tells)
                await asyncio.sleep(0.05)
        await one.intend(intent(one, b"<after@x>"))
        return was_available

    try:
        assert hosts(tmp_path, address, play) is False
    finally:
        for process in later:
            process.kill()
            process.wait()


def test_an_answer_that_nobody_understands_keeps_nobody_waiting(tmp_path, shared, monkeypatch):
    async def play(one, _two):
        async def exchange(*_words):
            raise ValueError("too many values to unpack")

        with monkeypatch.context() as changed:
            changed.setattr(one.sharing, "exchange", exchange)
            sent = intent(one)
            with pytest.raises(JournalUnavailable, match="too many values"):
                await one.intend(sent)
            one.conclude(sent.id, "refused", b"451 later")
            was_available = one.available
        async with asyncio.timeout(10):
            while not one.available:  # noqa: ASYNC110 (it tries again by itself)
                await asyncio.sleep(0.05)
        await one.intend(intent(one, b"<two@shop.example>"))
        return was_available

    assert hosts(tmp_path, shared[0], play) is False
