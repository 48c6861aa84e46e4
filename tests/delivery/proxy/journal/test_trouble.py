"""Full, slow and failing disks, jumping clocks."""

import asyncio
import errno
import os
import resource

import pytest

from delivery.proxy.journal import JournalUnavailable, Settings, commits, read_journal
from delivery.proxy.journal import clock as clocks
from delivery.proxy.journal.clock import RunningClock
from delivery.proxy.journal.commits import BEAT, CROWD
from delivery.proxy.journal.syncing import KernelSyncer, ThreadSyncer
from tests.delivery.proxy.journal.messages import REPLY, intent, played

NOW = 1_800_000_000 * 10**9


@pytest.fixture
def room():
    """Lets files grow no further than they are told; the limit goes afterwards."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (before[0] if size is None else size, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def beat(journal):
    journal.commits.timer.cancel()
    journal.commits.beat()


async def is_available(journal):
    """Within a few rounds of the disk, without waiting for the next beat."""
    for _ in range(500):
        if journal.available:
            return True
        await asyncio.sleep(0.01)
    return False


def test_without_room_nothing_is_promised_and_what_was_in_hand_is_kept(tmp_path, room):
    async def send(journal):
        first = intent(journal, b"<first@x>")
        await journal.intend(first)
        room(journal.segment.size + 40)
        second = intent(journal, b"<second@x>")
        with pytest.raises(JournalUnavailable, match="cannot be written: No space left on device"):
            await journal.intend(second)
        journal.conclude(second.id, "refused", b"451 4.3.1 later")
        journal.conclude(first.id, "accepted", REPLY)
        with pytest.raises(JournalUnavailable):
            await journal.intend(intent(journal, b"<third@x>"))
        while_full = journal.available, journal.earlier(first.key)
        room(None)
        beat(journal)
        again = await is_available(journal)
        fourth = intent(journal, b"<fourth@x>")
        await journal.intend(fourth)
        journal.conclude(fourth.id, "accepted", REPLY)
        return first, second, fourth, while_full, again

    first, second, fourth, (was_available, (told,)), again = played(tmp_path, send)

    assert (was_available, again) == (False, True)
    assert (told.id, told.outcome, told.reply) == (first.id, "accepted", REPLY)
    assert {entry.id: entry.outcome for entry in read_journal(tmp_path)} == {
        first.id: "accepted",
        second.id: "refused",
        fourth.id: "accepted",
    }


def test_what_a_full_disk_has_torn_is_no_record_after_a_kill(tmp_path, room):
    async def send(journal):
        first = intent(journal, b"<first@x>")
        await journal.intend(first)
        room(journal.segment.size + 40)
        with pytest.raises(JournalUnavailable):
            await journal.intend(intent(journal, b"<second@x>"))
        return first, (tmp_path / "p0" / "0000000001.tsv").read_bytes()

    first, left = played(tmp_path, send)
    room(None)
    (tmp_path / "p0" / "0000000001.tsv").write_bytes(left)
    found = played(tmp_path, lambda journal: asyncio.sleep(0, journal.earlier(first.key)))

    assert not left.endswith(b"\n")
    assert [one.outcome for one in found] == ["unknown"]
    assert len(list(read_journal(tmp_path))) == 1


def test_a_journal_on_a_full_disk_opens_and_waits_for_room(tmp_path, room):
    async def leave(journal):
        going = intent(journal)
        await journal.intend(going)
        return going, journal.segment.size

    async def look(journal):
        was_available, told = journal.available, journal.earlier(going.key)
        with pytest.raises(JournalUnavailable):
            await journal.intend(intent(journal, b"<new@x>"))
        room(None)
        beat(journal)
        return was_available, told, await is_available(journal)

    going, size = played(tmp_path, leave)
    room(size)
    was_available, (told,), again = played(tmp_path, look)

    assert (was_available, again) == (False, True)
    assert (told.id, told.outcome) == (going.id, "unknown")
    assert [(entry.id, entry.outcome, entry.concluded) for entry in read_journal(tmp_path)] == [
        (going.id, "unknown", told.concluded)
    ]


def test_a_disk_that_keeps_one_waiting_too_long_is_refused_and_taken_back(tmp_path):
    async def send(journal):
        syncer, ordered = journal.commits.syncer, []
        journal.commits.syncer = type("Held", (), {"sync": lambda self, *files: ordered.append(files)})()
        slow = asyncio.ensure_future(journal.intend(intent(journal, b"<slow@x>")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        journal.commits.began -= 1000
        beat(journal)
        with pytest.raises(JournalUnavailable, match="the disk is too slow"):
            await slow
        with pytest.raises(JournalUnavailable):
            await journal.intend(intent(journal, b"<meanwhile@x>"))
        was_available = journal.available
        journal.commits.syncer = syncer
        syncer.sync(*ordered[0])
        again = await is_available(journal)
        await journal.intend(intent(journal, b"<afterwards@x>"))
        return len(ordered), was_available, again

    assert played(tmp_path, send) == (1, False, True)


def test_after_a_failed_sync_the_segment_is_trusted_no_further(tmp_path):
    async def send(journal):
        await journal.intend(intent(journal, b"<before@x>"))
        at_first = journal.segment.number
        failing = asyncio.ensure_future(journal.intend(intent(journal, b"<failing@x>")))
        sync = journal.commits.syncer.sync
        journal.commits.syncer.sync = lambda *files: journal.loop.call_soon(
            journal.commits.synced, OSError(errno.EIO, os.strerror(errno.EIO))
        )
        with pytest.raises(JournalUnavailable, match="Input/output error"):
            await failing
        was_available = journal.available
        journal.commits.syncer.sync = sync
        beat(journal)
        again = await is_available(journal)
        after = intent(journal, b"<after@x>")
        await journal.intend(after)
        return was_available, again, journal.segment.number - at_first, len(journal.earlier(after.key))

    assert played(tmp_path, send) == (False, True, 1, 1)


@pytest.mark.parametrize("kind", [KernelSyncer, ThreadSyncer])
def test_both_ways_of_syncing_tell_the_end_of_a_round_and_its_error(tmp_path, kind):
    async def order():
        loop, told = asyncio.get_running_loop(), []
        over = [loop.create_future(), loop.create_future()]

        def done(error):
            told.append(error)
            over[len(told) - 1].set_result(None)

        syncer = kind(loop, done)
        with (tmp_path / "file").open("wb") as file, (tmp_path / "other").open("wb") as other:
            syncer.sync(file.fileno(), [other.fileno()])
            await over[0]
            syncer.sync(1 << 20, [])
            await over[1]
        syncer.stop()
        return told

    first, second = asyncio.run(order())

    assert first is None
    assert second.errno == errno.EBADF


def test_a_round_of_many_files_ends_however_many_are_done_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("delivery.proxy.journal.syncing.AT_ONCE", 3)

    async def order():
        loop = asyncio.get_running_loop()
        over = loop.create_future()
        syncer = KernelSyncer(loop, over.set_result)
        files = [(tmp_path / f"{number}").open("wb") for number in range(11)]
        syncer.sync(files[0].fileno(), [file.fileno() for file in files[1:]])
        async with asyncio.timeout(60):
            error = await over
        syncer.stop()
        for file in files:
            file.close()
        return error

    assert asyncio.run(order()) is None


def test_what_nobody_waits_for_becomes_durable_with_the_next_beat(tmp_path):
    async def send(journal):
        sent = intent(journal)
        await journal.intend(sent)
        journal.conclude(sent.id, "accepted", REPLY)
        before = journal.commits.durable_to
        beat(journal)
        return before, journal.commits.durable_to, journal.segment.size

    before, after, size = played(tmp_path, send)

    assert before < after == size
    assert BEAT <= 1


@pytest.mark.parametrize("jump", [-(10**15), 10**15], ids=["thirty years back", "thirty years on"])
def test_a_clock_that_jumps_makes_no_retry_unknown(tmp_path, monkeypatch, jump):
    settings = Settings(segment_bytes=2000, retry_window=60, retention=60, unknown_window=60)

    async def send(journal):
        sent = [intent(journal, b"<%d@x>" % number) for number in range(30)]
        for number, one in enumerate(sent):
            if number == 15:
                shift_clock(monkeypatch, jump)
            await journal.intend(one)
            journal.conclude(one.id, "accepted", REPLY)
        journal.housekeeping.go_round()
        return sent, [journal.earlier(one.key) for one in sent]

    sent, found = played(tmp_path, send, settings)
    shift_clock(monkeypatch, 0)
    after = played(tmp_path, lambda journal: asyncio.sleep(0, [journal.earlier(one.key) for one in sent]), settings)

    assert [[one.id for one in some] for some in found] == [[one.id] for one in sent]
    assert after == [tuple(one._replace(hearing="broken") for one in some) for some in found]


def shift_clock(monkeypatch, jump):
    monkeypatch.setattr(clocks.time, "time_ns", lambda: NOW + jump * 1000)


def test_the_running_clock_does_not_count_the_time_in_which_nothing_ran(tmp_path):
    async def look(journal):
        return journal.clock.read()

    first = played(tmp_path, look)
    second = played(tmp_path, look)

    assert 0 <= first <= second
    assert RunningClock(50).read() >= 50


def test_one_who_fails_when_told_keeps_nobody_else_waiting(tmp_path):
    async def send(journal):
        told, faults = [], []
        journal.loop.set_exception_handler(lambda _loop, said: faults.append(said["exception"]))

        def fail(_error):
            raise ValueError("a fault")

        journal.append(intent(journal, b"<1@x>"), fail)
        journal.append(intent(journal, b"<2@x>"), told.append)
        await journal.intend(intent(journal, b"<3@x>"))
        return told, [str(one) for one in faults]

    assert played(tmp_path, send) == ([None], ["a fault"])


def test_where_many_wait_the_next_sync_waits_for_more_of_them(tmp_path, monkeypatch):
    monkeypatch.setattr(commits, "PACE", 0.2)

    async def send(journal):
        begun, sync = [], journal.commits.syncer.sync
        monkeypatch.setattr(journal.commits.syncer, "sync", lambda *words: (begun.append(1), sync(*words)))
        await asyncio.gather(*(journal.intend(intent(journal, b"<a%d@x>" % one)) for one in range(CROWD)))
        crowd = len(begun)
        waiting = []
        for one in range(3):
            waiting.append(asyncio.ensure_future(journal.intend(intent(journal, b"<b%d@x>" % one))))
            await asyncio.sleep(0.005)
        await asyncio.gather(*waiting)
        after = len(begun)
        await journal.intend(intent(journal, b"<c@x>"))
        return crowd, after, len(begun)

    assert played(tmp_path, send) == (1, 2, 3)
