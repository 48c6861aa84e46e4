"""The journal in each of the forms in which it is handed over."""

import asyncio
import json

import pytest

from delivery.logs.journal import files_of
from delivery.logs.reading import read_log
from delivery.logs.sources import Source
from delivery.proxy.journal import Intent, Journal
from delivery.proxy.journal import command as journal_command

ENTRY = {"id": "t1", "time": "2026-11-20T10:00:00+00:00", "backend": "old", "message_id": "<1>", "sender": "s@x"}


def test_objects_as_the_command_prints_them(read_journal):
    told, rows = read_journal(
        json.dumps({**ENTRY, "recipients": ["a@b", "c@d"], "outcome": "accepted", "reply": "250"})
    )

    assert rows == [("t1", "old", "<1>", "a@b", "accepted"), ("t1", "old", "<1>", "c@d", "accepted")]
    assert (told[0].read, told[0].not_understood) == (1, 0)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("accepted", "accepted"),
        ("refused", "refused"),
        ("unknown", "unknown"),
        ("repeated", "repeated"),
        ("open", "unknown"),
    ],
)
def test_outcomes(read_journal, given, meant):
    _, rows = read_journal(json.dumps({**ENTRY, "recipients": ["a@b"], "outcome": given}))

    assert [row[-1] for row in rows] == [meant]


@pytest.mark.parametrize("sign", [",", "\t"])
def test_a_table_with_a_header_line(read_journal, sign):
    text = "time,backend,message_id,recipient,outcome\n1795168800,new,<1>,a@b,accepted\n1795168801,old,<2>,c@d,\n"
    _, rows = read_journal(text.replace(",", sign))

    assert rows == [(None, "new", "<1>", "a@b", "accepted"), (None, "old", "<2>", "c@d", "unknown")]


def test_where_no_outcome_is_told_all_was_accepted(read_journal):
    _, rows = read_journal("time,backend,message_id,recipients\n1795168800,new,<1>,a@b;c@d\n")

    assert [row[3:] for row in rows] == [("a@b", "accepted"), ("c@d", "accepted")]


INTENTS = [
    Intent("i1", 1, "old", "split", "192.0.2.1", "main", "", b"s@x", [b"a@b", b'"c d"@e'], b"<1%2@x>", 10, "ab"),
    Intent("i2", 2, "new", "split", "192.0.2.1", "main", "", b"", [b"a@b"], b"", 10, "ab"),
    Intent("i3", 3, "new", "split", "192.0.2.1", "main", "", b"s@x", [b"a@b"], b"<3@x>", 10, "ab"),
]


def write_journal(folder):
    async def write():
        journal = Journal.open(folder)
        keys = [journal.key_of(one.sender, one.recipients, one.message_id) for one in INTENTS]
        for intent, key in zip(INTENTS, keys, strict=True):
            doubled = intent.recipients[:1] if intent.id == "i3" else []
            await journal.intend(intent._replace(key=key, doubled=doubled))
        journal.conclude("i1", "accepted", b"250 2.0.0 Ok: queued as 4XYZ")
        journal.rotate()
        journal.hear("i1", keys[0])
        journal.conclude("i2", "refused", b"550 no")
        journal.miss("i2", keys[1], "broken")
        journal.hear("an-earlier-one", keys[2])
        await journal.close()

    asyncio.run(write())


def test_what_the_proxy_writes_is_read_as_its_own_command_reads_it(tmp_path, engine, read_journal, capsys):
    folder = tmp_path / "journal"
    write_journal(folder)
    journal_command.main([str(folder), "--json"])
    printed = capsys.readouterr().out

    kinds = {line.split(b"\t")[1] for path in files_of(folder) for line in path.read_bytes().splitlines()}
    assert kinds >= {b"D", b"H", b"U", b"W"}, kinds
    for number, path in enumerate(files_of(folder)):
        assert read_log(engine, Source("journal", path, number)).not_understood == 0
    _, rows = read_journal()

    expected = sorted(
        (entry["id"], entry["backend"], entry["message_id"], recipient, entry["outcome"])
        for entry in map(json.loads, printed.splitlines())
        for recipient in entry["recipients"]
    )
    assert rows == expected
    assert len(rows) == 4


def test_half_a_line_at_the_end_is_shown_and_left_out(read_journal):
    whole = json.dumps({**ENTRY, "recipients": ["a@b"], "outcome": "accepted"})
    told, rows = read_journal(f'{whole}\n{{"id": "t2", "ti')

    assert [row[0] for row in rows] == ["t1"]
    assert (told[0].read, told[0].not_understood, told[0].samples[0].offset) == (2, 1, len(whole) + 1)


@pytest.mark.parametrize("bad", ["1795168801,old,<2>,c@d,accepted,more,fields", '1795168801,old,"never closed" x,c@d,'])
def test_a_bad_line_of_a_table_is_counted_by_its_place_and_the_rest_is_read(read_journal, bad):
    head = "time,backend,message_id,recipient,outcome\n1795168800,new,<1>,a@b,accepted\n"

    told, rows = read_journal(f"{head}{bad}\n1795168802,old,<3>,e@f,accepted\n")

    assert [row[1:4] for row in rows] == [("new", "<1>", "a@b"), ("old", "<3>", "e@f")]
    assert (told[0].not_understood, [sample.offset for sample in told[0].samples]) == (1, [len(head)])


def test_bad_lines_without_number_are_all_counted(read_journal):
    head = "time,backend,message_id,recipient,outcome\n1795168800,new,<1>,a@b,accepted\n"

    told, rows = read_journal(head + "".join(f"{number},old,<2>,c@d,accepted,too,many\n" for number in range(20_000)))

    assert [row[2] for row in rows] == ["<1>"]
    assert told[0].not_understood == 20_000


def test_a_file_that_is_no_journal_is_counted_and_ends_no_run(read_journal):
    told, rows = read_journal('Nov 20 10:00:00 mta1 postfix[7]: a "word\n, , ,\n"x" y,z\n')

    assert rows == []
    assert told[0].not_understood > 0
