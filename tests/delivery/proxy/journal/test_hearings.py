"""Whether a client got the reply: kept over rotations, kills and other processes, as long as a retry may ask."""

import asyncio

from delivery.proxy.journal import Journal, Settings, read_journal
from delivery.proxy.journal.segments import segment_numbers
from tests.delivery.proxy.journal.messages import REPLY, intent, played

NAMES = ("heard", "left", "broken", "listening")


async def accepted(journal, name):
    one = intent(journal, b"<%b@x>" % name.encode(), recipients=(b"ann@mail.example", b"bob@mail.example"))
    await journal.intend(one)
    journal.conclude(one.id, "accepted", REPLY)
    return one


async def one_of_each(journal):
    sent = {name: await accepted(journal, name) for name in NAMES}
    journal.hear(sent["heard"].id, sent["heard"].key)
    for name in ("left", "broken"):
        journal.miss(sent[name].id, sent[name].key, name)
    return sent


def hearings(journal, sent):
    """By its name, what each recipient alone is told of the message."""
    found = {}
    for name, one in sent.items():
        alone = [journal.earlier(one.key._replace(marks=(mark,))) for mark in one.key.marks]
        (found[name],) = {entry.hearing for some in alone for entry in some}
    return found


def test_each_hearing_is_told_and_a_restart_ends_all_waiting(tmp_path):
    async def play(journal):
        sent = await one_of_each(journal)
        return sent, hearings(journal, sent)

    sent, before = played(tmp_path, play)
    after = played(tmp_path, lambda journal: asyncio.sleep(0, hearings(journal, sent)))

    assert before == {name: name for name in NAMES}
    assert after == before | {"listening": "broken"}


def test_a_rotation_takes_those_who_listen_into_the_next_segment(tmp_path):
    async def play(journal):
        sent = await one_of_each(journal)
        journal.rotate()
        late = await accepted(journal, "late")
        journal.rotate()
        journal.hear(late.id, late.key)
        return sent | {"heard later": late}, segment_numbers(journal.folder)

    sent, segments = played(tmp_path, play)
    after = played(tmp_path, lambda journal: asyncio.sleep(0, hearings(journal, sent)))

    assert segments == [1, 2, 3]
    assert after == {
        "heard": "heard",
        "left": "left",
        "broken": "broken",
        "listening": "broken",
        "heard later": "heard",
    }


def test_another_process_knows_as_much_and_that_a_dead_one_is_listened_to_by_nobody(tmp_path):
    async def run():
        first, second = (Journal.open(tmp_path, process=number, processes=2) for number in range(2))
        sent = await one_of_each(first)
        first.hearings.flush()
        while_alive = hearings(second, sent)
        (sibling,) = second.siblings
        sibling.is_alive = lambda: False
        once_dead = hearings(second, sent)
        await first.close()
        await second.close()
        return while_alive, once_dead

    while_alive, once_dead = asyncio.run(run())

    assert while_alive == {name: name for name in NAMES}
    assert once_dead == while_alive | {"listening": "broken"}


def test_who_hears_at_another_process_what_was_said_again_has_heard(tmp_path):
    async def run():
        first, second = (Journal.open(tmp_path, process=number, processes=2) for number in range(2))
        sent = await accepted(first, "one")
        first.miss(sent.id, sent.key, "broken")
        second.hear(sent.id, sent.key)
        found = [hearings(journal, {"one": sent}) for journal in (first, second)]
        await first.close()
        await second.close()
        return found

    assert asyncio.run(run()) == [{"one": "heard"}] * 2


def test_a_word_on_hearing_is_kept_where_its_message_stands_in_an_older_segment(tmp_path):
    settings = Settings(segment_bytes=4096)

    async def play(journal):
        sent = await accepted(journal, "one")
        for number in range(40):
            other = await accepted(journal, f"other{number}")
            journal.hear(other.id, other.key)
        journal.miss(sent.id, sent.key, "broken")
        return sent, hearings(journal, {"one": sent}), journal.segment.number

    sent, before, number = played(tmp_path, play, settings)
    after = played(tmp_path, lambda journal: asyncio.sleep(0, hearings(journal, {"one": sent})), settings)

    assert number > 3
    assert before == after == {"one": "broken"}


async def unknown(journal, name, backend):
    one = intent(journal, b"<%b@x>" % name.encode(), backend=backend, recipients=(b"ann@x.example", b"bob@x.example"))
    await journal.intend(one)
    journal.conclude(one.id, "unknown", b"")
    return one


def held(journal, sent):
    return [bool(journal.binding(one.key)) for one in sent]


def test_what_was_released_at_a_side_is_held_there_no_longer_also_after_a_restart_and_an_age(tmp_path):
    async def play(journal):
        sent = [await unknown(journal, name, side) for name, side in (("lost", "new"), ("other", "old"))]
        count = journal.hearings.release("new")
        sent.append(await unknown(journal, "later", "new"))
        return sent, count, held(journal, sent), len(journal.unknowns.places)

    async def age(journal):
        once_restarted = held(journal, sent)
        journal.clock.offset += 9 * 3600
        journal.rotate()
        journal.housekeeping.expire()
        return once_restarted, held(journal, sent)

    sent, count, now, places = played(tmp_path, play)
    once_restarted, once_old = played(tmp_path, age)

    assert count == 1
    assert places == 4
    assert now == once_restarted == [False, True, True]
    assert once_old == [False, True, True]
    assert [entry.outcome for entry in read_journal(tmp_path)] == ["unknown"] * 3


def test_of_a_thousand_equal_messages_the_latest_are_told_and_whatever_is_unknown(tmp_path):
    async def play(journal):
        lost = await unknown(journal, "ping", "new")
        recipients = (b"ann@x.example", b"bob@x.example")
        for _ in range(200):
            one = intent(journal, b"<ping@x>", recipients=recipients)
            await journal.intend(one)
            journal.conclude(one.id, "accepted", REPLY)
            journal.hear(one.id, one.key)
        return lost.id, one.id, [entry.id for entry in journal.earlier(one.key)]

    lost, last, told = played(tmp_path, play)

    assert lost in told
    assert told[-1] == last
    assert len(told) == 65
