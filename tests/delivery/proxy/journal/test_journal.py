"""One process's journal: what is durable when, what a retry is told, what is left after the end of the process."""

import asyncio

import pytest

from delivery.proxy.journal import Journal, JournalError, Settings, read_journal
from tests.delivery.proxy.journal.messages import REPLY, intent, played


def test_what_was_accepted_is_told_to_a_retry_with_its_reply(tmp_path):
    async def send(journal):
        sent = intent(journal)
        await journal.intend(sent)
        journal.conclude(sent.id, "accepted", REPLY + b"\r\n")
        return sent, journal.earlier(sent.key), journal.earlier(sent.key._replace(message=sent.key.message + 1))

    sent, (found,), of_another = played(tmp_path, send)

    assert (found.id, found.backend, found.digest, found.outcome) == (sent.id, "new", sent.digest, "accepted")
    assert found.reply == REPLY
    assert of_another == ()


def test_a_transaction_is_open_while_its_reply_is_awaited(tmp_path):
    async def send(journal):
        sent = intent(journal)
        await journal.intend(sent)
        return journal.earlier(sent.key)

    (found,) = played(tmp_path, send)

    assert (found.outcome, found.reply, found.concluded) == ("open", b"", None)


def test_an_intent_is_found_before_it_is_durable(tmp_path):
    async def send(journal):
        sent = intent(journal)
        waits = asyncio.ensure_future(journal.intend(sent))
        await asyncio.sleep(0)
        found = journal.earlier(sent.key)
        is_durable = waits.done()
        await waits
        return found, is_durable

    (found,), is_durable = played(tmp_path, send)

    assert found.outcome == "open"
    assert not is_durable


def test_what_was_left_open_is_unknown_after_the_next_start(tmp_path):
    async def leave_open(journal):
        left, ended = intent(journal), intent(journal, b"<two@shop.example>")
        await journal.intend(left)
        await journal.intend(ended)
        journal.conclude(ended.id, "refused", b"550 5.1.1 no")
        return left, ended

    async def look(journal):
        return journal.recovered, journal.earlier(left.key), journal.earlier(ended.key)

    left, ended = played(tmp_path, leave_open)
    recovered, (of_left,), (of_ended,) = played(tmp_path, look)

    assert recovered == {"new": 1}
    assert (of_left.id, of_left.outcome, of_left.backend) == (left.id, "unknown", "new")
    assert (of_ended.id, of_ended.outcome, of_ended.reply) == (ended.id, "refused", b"550 5.1.1 no")


def test_several_attempts_of_a_message_are_told_in_their_order(tmp_path):
    async def send_twice(journal):
        sent = [intent(journal, backend="old"), intent(journal, backend="new")]
        for one, outcome in zip(sent, ("unknown", "accepted"), strict=True):
            await journal.intend(one)
            journal.conclude(one.id, outcome, b"")
        return [one.id for one in sent], journal.earlier(sent[0].key)

    ids, found = played(tmp_path, send_twice)

    assert [one.id for one in found] == ids
    assert [(one.backend, one.outcome) for one in found] == [("old", "unknown"), ("new", "accepted")]


def test_the_message_is_the_same_for_all_recipients_and_each_of_them_has_a_mark(tmp_path):
    async def keys(journal):
        two = (b"ann@mail.example", b"bob@mail.example")
        named = [journal.key_of(b"", recipients, b"<x@y>") for recipients in (two, two[::-1], two[:1])]
        return [*named, journal.key_of(b"", two, b"<z@y>")]

    same, turned, fewer, other = played(tmp_path, keys)

    assert same.message == turned.message == fewer.message != other.message
    assert same.marks == turned.marks[::-1]
    assert fewer.marks == same.marks[:1] != same.marks[1:]
    assert set(other.marks).isdisjoint(same.marks)


def test_fields_come_back_as_they_were_whatever_stands_in_them(tmp_path):
    odd = {
        "sender": b"",
        "recipients": (b'"a\tb c%"@mail.example', "jörg@münchen.example".encode(), b"\xff@x"),
        "message_id": b"<a\tb%0A\x00@\xfe>",
        "rule": "provider: gmail\t90 %",
        "user": "jörg\n",
    }

    async def send(journal):
        sent = intent(journal, **odd)
        await journal.intend(sent)
        journal.conclude(sent.id, "accepted", b"250-one\r\n250 two\t%41\r\n")
        return journal.earlier(sent.key)

    (found,) = played(tmp_path, send)

    assert found.recipients == odd["recipients"]
    assert {name: getattr(found, name) for name in odd if name != "recipients"} == {
        name: value for name, value in odd.items() if name != "recipients"
    }
    assert found.reply == b"250-one\r\n250 two\t%41"
    assert list(read_journal(tmp_path)) == [found._replace(hearing="heard")]


def test_a_note_is_read_by_others_and_asked_for_by_no_retry(tmp_path):
    async def send(journal):
        repeated = intent(journal, rule="repeated of x")
        journal.note(repeated, "repeated", REPLY)
        return repeated, journal.earlier(repeated.key)

    repeated, found = played(tmp_path, send)
    after = played(tmp_path, lambda journal: asyncio.sleep(0, journal.earlier(repeated.key)))

    assert (found, after) == ((), ())
    (told,) = read_journal(tmp_path)
    assert (told.id, told.outcome, told.reply, told.rule) == (repeated.id, "repeated", REPLY, "repeated of x")


def test_with_a_secret_no_recipient_stands_in_the_files(tmp_path):
    settings = Settings(secret=b"long and secret")

    async def send(journal):
        sent = intent(journal, recipients=(b"ann@mail.example",))
        await journal.intend(sent)
        journal.conclude(sent.id, "accepted", REPLY)
        return sent, journal.earlier(sent.key)

    sent, (found,) = played(tmp_path, send, settings)
    same_key = played(tmp_path, lambda journal: asyncio.sleep(0, intent(journal).key), settings)
    without = played(tmp_path / "other", lambda journal: asyncio.sleep(0, intent(journal).key))

    assert b"ann@" not in b"".join(path.read_bytes() for path in tmp_path.glob("p0/*.tsv"))
    assert found.recipients[0].endswith(b"@mail.example")
    assert (same_key, without != sent.key) == (sent.key, True)


def test_a_folder_serves_one_process_at_a_time(tmp_path):
    async def open_again(journal):
        with pytest.raises(JournalError, match="in use by another process"):
            Journal.open(tmp_path)

    played(tmp_path, open_again)


def test_a_hundred_who_wait_at_once_share_few_syncs(tmp_path, monkeypatch):
    async def send(journal):
        rounds = []
        sync = journal.commits.syncer.sync
        monkeypatch.setattr(journal.commits.syncer, "sync", lambda *files: (rounds.append(files), sync(*files)))
        await asyncio.gather(*(journal.intend(intent(journal, b"<%d@x>" % number)) for number in range(100)))
        return len(rounds)

    rounds = played(tmp_path, send)

    assert rounds == 1


def test_rotation_keeps_what_is_open_and_what_a_retry_may_ask_for(tmp_path):
    settings = Settings(segment_bytes=4096)

    async def send(journal):
        early = intent(journal, b"<early@x>")
        await journal.intend(early)
        sent = [intent(journal, b"<%d@x>" % number) for number in range(60)]
        for one in sent:
            await journal.intend(one)
            journal.conclude(one.id, "accepted", REPLY)
        left = intent(journal, b"<left@x>")
        await journal.intend(left)
        journal.conclude(early.id, "accepted", b"250 early")
        return early, sent, left, [journal.earlier(one.key) for one in (early, *sent)]

    early, sent, left, found = played(tmp_path, send, settings)
    after = played(
        tmp_path, lambda journal: asyncio.sleep(0, [journal.earlier(one.key) for one in (early, *sent)]), settings
    )
    of_left = played(tmp_path, lambda journal: asyncio.sleep(0, journal.earlier(left.key)), settings)

    assert len(list(tmp_path.glob("p0/*.tsv"))) > 3
    assert [[one.id for one in some] for some in found] == [[one.id] for one in (early, *sent)]
    assert {one.outcome for some in found for one in some} == {"accepted"}
    assert found[0][0].reply == b"250 early"
    assert after == [tuple(one._replace(hearing="broken") for one in some) for some in found]
    assert [one.outcome for one in of_left] == ["unknown"]
    assert len(list(read_journal(tmp_path))) == len(sent) + 2
