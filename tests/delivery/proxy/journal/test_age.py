"""What becomes of old segments: no retry is told of them, later they go; what is unknown stays."""

import asyncio

import pytest

from delivery.proxy.journal import Journal, Settings, read_journal
from delivery.proxy.journal.siblings import MOST_WAITING, ROOM, Sibling
from tests.delivery.proxy.journal.messages import REPLY, intent, played

SETTINGS = Settings(segment_bytes=2000, retry_window=100, unknown_window=300, retention=200)


def ids(entries):
    return [one.id for one in entries]


async def send(journal, names, outcome="accepted"):
    sent = [intent(journal, b"<%b@x>" % name.encode()) for name in names]
    for one in sent:
        await journal.intend(one)
        journal.conclude(one.id, outcome, REPLY if outcome == "accepted" else b"")
    return sent


def pass_time(journal, seconds):
    journal.clock.offset += seconds
    journal.housekeeping.go_round()


async def settled(journal):
    """All indexes are written and all files removed that should be."""
    while journal.shelf.jobs:
        await asyncio.wait(journal.shelf.jobs)


def test_what_is_older_than_the_window_is_told_to_no_retry_and_still_read_by_others(tmp_path):
    async def play(journal):
        old = await send(journal, [f"old{number}" for number in range(20)])
        await settled(journal)
        pass_time(journal, 60)
        young = await send(journal, [f"young{number}" for number in range(20)])
        await settled(journal)
        pass_time(journal, 60)
        await settled(journal)
        return [[len(journal.earlier(one.key)) for one in some] for some in (old, young)]

    of_old, of_young = played(tmp_path, play, SETTINGS)

    assert of_young == [1] * 20
    assert of_old[:8] == [0] * 8
    assert len(list(read_journal(tmp_path))) == 40


def test_after_its_retention_a_segment_goes_and_its_unknown_transactions_stay(tmp_path):
    async def play(journal):
        lost = await send(journal, ["lost"], outcome="unknown")
        await send(journal, [f"old{number}" for number in range(20)])
        await settled(journal)
        pass_time(journal, 210)
        young = await send(journal, [f"young{number}" for number in range(20)])
        await settled(journal)
        pass_time(journal, 1)
        await settled(journal)
        return lost, young, journal.earlier(lost[0].key)

    (lost,), young, found = played(tmp_path, play, SETTINGS)
    after = played(tmp_path, lambda journal: asyncio.sleep(0, journal.earlier(lost.key)), SETTINGS)
    read = ids(read_journal(tmp_path))

    assert [(one.id, one.outcome, one.backend) for one in found] == [(lost.id, "unknown", "new")]
    assert after == found
    assert read[0] == lost.id
    assert set(ids(young)) <= set(read)
    assert len(read) < 30


def test_what_is_unknown_is_told_until_its_own_time_is_over(tmp_path):
    async def play(journal):
        (lost,) = await send(journal, ["lost"], outcome="unknown")
        await send(journal, [f"old{number}" for number in range(20)])
        found = []
        for seconds in (150, 140, 90):
            await settled(journal)
            pass_time(journal, seconds)
            found.append(len(journal.earlier(lost.key)))
        return found

    assert played(tmp_path, play, SETTINGS) == [1, 1, 0]


def test_an_unknown_outcome_that_missed_the_file_beside_is_added_at_the_next_start(tmp_path):
    (lost,) = played(tmp_path, lambda journal: send(journal, ["lost"], outcome="unknown"), SETTINGS)
    (tmp_path / "p0" / "unknown.lines").write_bytes(b"")

    played(tmp_path, lambda journal: asyncio.sleep(0), SETTINGS)

    assert lost.id.encode() in (tmp_path / "p0" / "unknown.lines").read_bytes()


@pytest.mark.parametrize("damage", ["missing", "short", "other"])
def test_an_index_that_cannot_be_trusted_is_built_again(tmp_path, damage):
    async def play(journal):
        return await send(journal, [f"m{number}" for number in range(30)])

    sent = played(tmp_path, play, SETTINGS)
    for path in tmp_path.glob("p0/*.index"):
        if damage == "missing":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-1] if damage == "short" else bytes(9000))
    found = played(
        tmp_path, lambda journal: asyncio.sleep(0, [ids(journal.earlier(one.key)) for one in sent]), SETTINGS
    )

    assert found == [[one.id] for one in sent]


def test_a_quiet_journal_begins_another_segment_after_an_hour(tmp_path):
    async def play(journal):
        await send(journal, ["one"])
        pass_time(journal, 3700)
        await send(journal, ["two"])
        pass_time(journal, 10)
        return journal.segment.number

    assert played(tmp_path, play) == 2


def both(tmp_path, play, settings=None):
    async def run():
        pair = [Journal.open(tmp_path, settings, process=number, processes=2) for number in range(2)]
        try:
            return await play(*pair)
        finally:
            for one in pair:
                await one.close()

    return asyncio.run(run())


def test_a_process_tells_retries_of_what_its_sibling_did(tmp_path):
    async def play(first, second):
        (sent,) = await send(first, ["one"])
        (lost,) = await send(first, ["lost"], outcome="unknown")
        going = intent(first, b"<going@x>")
        await first.intend(going)
        return (sent, lost, going), [second.earlier(one.key) for one in (sent, lost, going)]

    sent, found = both(tmp_path, play)

    assert [ids(some) for some in found] == [[one.id] for one in sent]
    assert [one.outcome for some in found for one in some] == ["accepted", "unknown", "open"]
    assert found[0][0].reply == REPLY


def test_what_a_dead_sibling_left_open_is_unknown(tmp_path):
    async def play(first, second):
        going = intent(first, b"<going@x>")
        await first.intend(going)
        before = second.earlier(going.key)
        await first.close()
        after = second.earlier(going.key)
        first = Journal.open(tmp_path, process=0, processes=2)
        await first.close()
        return [some[0].outcome for some in (before, after, second.earlier(going.key))], second

    async def run():
        pair = [Journal.open(tmp_path, process=number, processes=2) for number in range(2)]
        outcomes, second = await play(*pair)
        await second.close()
        return outcomes

    assert asyncio.run(run()) == ["open", "unknown", "unknown"]


def test_a_sibling_is_followed_over_its_rotations(tmp_path):
    async def play(first, second):
        sent = []
        for number in range(60):
            sent += await send(first, [f"m{number}"])
            if number % 7 == 0:
                second.earlier(sent[0].key)
            if number == 40:
                await settled(first)
                for sibling in second.siblings:
                    sibling.refresh()
        return sent, [ids(second.earlier(one.key)) for one in sent]

    sent, found = both(tmp_path, play, SETTINGS)

    assert found == [[one.id] for one in sent]


def test_a_sibling_that_starts_late_finds_everything_inside_the_window(tmp_path):
    async def play(journal):
        sent = await send(journal, [f"m{number}" for number in range(40)])
        await settled(journal)
        sibling = Sibling(journal.folder, SETTINGS)
        found = [ids(sibling.find(one.key).told()) for one in sent]
        sibling.close()
        return sent, found

    sent, found = played(tmp_path, play, SETTINGS)

    assert found == [[one.id] for one in sent]


def test_a_sibling_that_begins_later_is_found_without_being_announced(tmp_path):
    async def play(first):
        second = Journal.open(tmp_path, process=1)
        (sent,) = await send(second, ["one"])
        first.housekeeping.look.cancel()
        first.housekeeping.look_round()
        found = first.earlier(sent.key)
        await second.close()
        return sent, found

    sent, found = played(tmp_path, play)

    assert ids(found) == [sent.id]


def test_the_folder_of_a_process_there_is_no_longer_is_looked_after(tmp_path):
    async def leave(journal):
        going = intent(journal, b"<going@x>")
        await journal.intend(going)
        return going

    async def look(journal):
        return journal.earlier(going.key), (tmp_path / "p3" / "unknown.lines").read_bytes()

    going = played(tmp_path, leave, process=3)
    (found,), kept = played(tmp_path, look, process=0, processes=2)

    assert (found.id, found.outcome) == (going.id, "unknown")
    assert found.concluded is not None
    assert going.id.encode() in kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p0", "p1", "p3"]


def test_what_a_sibling_wrote_is_told_whether_or_not_it_was_looked_at_before(tmp_path):
    async def play():
        first, second = (Journal.open(tmp_path, process=number, processes=2) for number in range(2))
        sent, found = [], []
        for number in range(MOST_WAITING):
            sent += await send(first, [f"a{number}"], outcome="accepted")
            found.append(second.earlier(intent(second, b"<new%d@x>" % number).key))
        waiting = len(second.siblings[0].segment.waiting)
        told = [ids(second.earlier(one.key)) for one in sent]
        left = len(second.siblings[0].segment.waiting)
        for journal in (first, second):
            await journal.close()
        return found, waiting, told, left, [[one.id] for one in sent]

    found, waiting, told, left, wanted = asyncio.run(play())

    assert found == [()] * MOST_WAITING
    assert (0 < waiting <= MOST_WAITING, left) == (True, 0)
    assert told == wanted


def test_a_line_longer_than_one_read_holds_up_nobody_who_follows(tmp_path):
    async def play():
        first, second = (Journal.open(tmp_path, process=number, processes=2) for number in range(2))
        many = [b"%d%b@x" % (number, b"r" * 200) for number in range(2 * ROOM // 200)]
        long = intent(first, b"<long@x>")
        long = long._replace(key=first.key_of(long.sender, many, b"<long@x>"), recipients=many)
        await first.intend(long)
        first.conclude(long.id, "accepted", REPLY)
        (short,) = await send(first, ["short"])
        told = [ids(second.earlier(one.key)) for one in (short, long)]
        for journal in (first, second):
            await journal.close()
        return told, [[short.id], [long.id]]

    told, wanted = asyncio.run(play())

    assert told == wanted
