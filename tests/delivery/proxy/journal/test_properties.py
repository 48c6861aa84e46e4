"""What holds of every journal: cut anywhere, killed at any moment, asked in any order."""

import asyncio
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery.proxy.journal import Journal, Key, Settings, read_journal
from delivery.proxy.journal.index import SealedIndex, Table
from delivery.proxy.journal.keys import marks_of
from tests.delivery.proxy.journal.messages import intent

SMALL = Settings(segment_bytes=4096, retry_window=1000, unknown_window=3000, retention=2000)
RARELY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.binary(min_size=0, max_size=30)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A journal of one segment, its bytes, and what each transaction came to."""

    async def write(folder):
        journal = Journal.open(folder)
        for number in range(12):
            one = intent(journal, b"<%d@x>" % number, user="a\tb" if number % 5 == 0 else "")
            await journal.intend(one)
            if number % 3:
                journal.conclude(one.id, "accepted" if number % 2 else "refused", b"250 ok %d" % number)
        await journal.close()

    folder = tmp_path_factory.mktemp("written")
    asyncio.run(write(folder))
    return (folder / "p0" / "0000000001.tsv").read_bytes()


@RARELY
@given(share=st.floats(0, 1), torn=st.sampled_from([b"", b"\0" * 40, b"\xff\n"]))
def test_a_file_that_ends_anywhere_gives_back_every_whole_record(written, share, torn):
    cut = int(share * len(written))
    whole = [line.split(b"\t") for line in written[:cut].split(b"\n")[:-1]]
    expected = {fields[3]: "unknown" for fields in whole if fields[1] == b"I"}
    expected |= {fields[3]: fields[5].decode() for fields in whole if fields[1] == b"O"}

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "p0" / "0000000001.tsv"
        path.parent.mkdir()
        path.write_bytes(written[:cut] + torn)
        read = {entry.id.encode(): entry.outcome for entry in read_journal(name)}
        found = asyncio.run(recovered(name, {fields[3]: key_in(fields[2]) for fields in whole if fields[1] == b"I"}))
        again = {entry.id.encode(): entry.outcome for entry in read_journal(name)}

    assert read == expected
    assert found == {identity: [outcome] for identity, outcome in expected.items()}
    assert again == expected


def key_in(message):
    """Of a message to whom all of them go."""
    message = int(message, 16)
    return Key(message, marks_of(message, [b"ann@mail.example"]))


async def recovered(folder, keys):
    journal = Journal.open(folder)
    found = {name: [entry.outcome for entry in journal.earlier(key)] for name, key in keys.items()}
    await journal.close()
    return found


WRITER = """
import asyncio, os, sys
from delivery.proxy.journal import Journal, Settings
from tests.delivery.proxy.journal.messages import intent

async def send(journal, name):
    number = 0
    while True:
        number += 1
        one = intent(journal, b"<%d.%d.%b@x>" % (name, number, journal.prefix.encode()))
        await journal.intend(one)
        os.write(1, b"I %s %x\\n" % (one.id.encode(), one.key.message))
        if number % 4:
            journal.conclude(one.id, "accepted", b"250 ok")
            os.write(1, b"O %s %x\\n" % (one.id.encode(), one.key.message))

async def main():
    journal = Journal.open(sys.argv[1], Settings(segment_bytes=20_000))
    await asyncio.gather(*(send(journal, name) for name in range(8)))

asyncio.run(main())
"""


def killed(folder, after):
    """What a writer had been promised when it was killed: the ids by key, and those with an outcome."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE) as writer:
        first = writer.stdout.readline()
        time.sleep(after)
        writer.send_signal(signal.SIGKILL)
        lines = (first + writer.stdout.read()).decode().splitlines()
    words = [line.split() for line in lines if len(line.split()) == 3]
    promised = {name: key_in(key) for kind, name, key in words if kind == "I"}
    return promised, {name for kind, name, _ in words if kind == "O"}


def test_a_kill_at_any_moment_loses_nothing_that_was_promised(tmp_path):
    dice = random.Random(7)
    promised, ended = {}, set()
    for _ in range(6):
        of_this, ended_here = killed(tmp_path, dice.uniform(0, 0.12))
        promised |= of_this
        ended |= ended_here

    found = asyncio.run(recovered(tmp_path, promised))
    read = {entry.id: entry.outcome for entry in read_journal(tmp_path)}

    assert len(promised) > 50
    assert set(promised) <= set(read)
    assert {name for name in promised if read[name] == "accepted"} >= ended
    assert all(found[name] == [read[name]] for name in promised)
    assert len(list(tmp_path.glob("p0/*.tsv"))) > 1


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 6), st.sampled_from(["accepted", "refused", "unknown", None])),
        st.tuples(st.just("end"), st.integers(0, 9), st.sampled_from(["accepted", "refused", "unknown"])),
        st.tuples(st.sampled_from(["restart", "rotate", "note"]), st.integers(0, 6), st.none()),
        st.tuples(st.just("wait"), st.integers(1, 900), st.none()),
    ),
    max_size=40,
)


class Model:
    """What a journal has to say, kept the simple way: every transaction in a list."""

    def __init__(self):
        self.sent = []  # id, key, outcome, clock of the last line

    def restart(self):
        self.sent = [(name, key, outcome or "unknown", clock) for name, key, outcome, clock in self.sent]

    def must_tell(self, key, clock):
        return {
            name: outcome or "open"
            for name, one, outcome, then in self.sent
            if one == key and (clock - then < 1000 or (outcome == "unknown" and clock - then < 3000))
        }

    def may_tell(self, key):
        return {name: outcome or "open" for name, one, outcome, _ in self.sent if one == key}


@RARELY
@given(acts=ACTS)
def test_the_index_says_what_a_list_of_everything_says(acts):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(folder, acts))


class Both:
    """The journal and the model, told the same."""

    def __init__(self, folder):
        self.folder, self.model, self.clock = folder, Model(), 0
        self.journal = Journal.open(folder, SMALL)

    async def send(self, number, outcome):
        one = intent(self.journal, b"<%d@x>" % number)
        await self.journal.intend(one)
        if outcome:
            self.journal.conclude(one.id, outcome, b"")
        self.model.sent.append((one.id, one.key, outcome, self.clock))

    async def end(self, number, outcome):
        going = [at for at, one in enumerate(self.model.sent) if one[2] is None]
        if going:
            at = going[number % len(going)]
            name, key, _, _ = self.model.sent[at]
            self.journal.conclude(name, outcome, b"")
            self.model.sent[at] = (name, key, outcome, self.clock)

    async def note(self, number, _):
        self.journal.note(intent(self.journal, b"<%d@x>" % number), "repeated", b"")

    async def rotate(self, _number, _):
        self.journal.rotate()

    async def restart(self, _number, _):
        await self.journal.close()
        self.journal = Journal.open(self.folder, SMALL)
        self.model.restart()

    async def wait(self, seconds, _):
        self.clock += seconds
        self.journal.clock.offset += seconds
        self.journal.housekeeping.go_round()

    def compare(self):
        for key in {one[1] for one in self.model.sent}:
            told = {entry.id: entry.outcome for entry in self.journal.earlier(key)}
            assert self.model.must_tell(key, self.clock).items() <= told.items() <= self.model.may_tell(key).items()


async def compare(folder, acts):
    both = Both(folder)
    for act, number, outcome in acts:
        await getattr(both, act)(number, outcome)
        both.compare()
    await both.journal.close()
    sent, now = both.model.sent, both.clock
    kept = {
        name for name, _, outcome, then in sent if now - then < 2000 or (outcome == "unknown" and now - then < 3000)
    }
    assert kept <= {entry.id for entry in read_journal(folder)}


@RARELY
@given(keys=st.lists(st.integers(0, 2**64 - 1).map(lambda key: key & 0xF0000001F), max_size=200))
def test_an_index_on_disk_finds_what_one_in_memory_finds(keys):
    table = Table(1024)
    for place, key in enumerate(keys):
        table.insert(key, place)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.index"
        table.write(path, size=1)
        sealed = SealedIndex(path)
        found = {key: (sorted(table.find(key)), sorted(sealed.find(key))) for key in range(40)}
        sealed.close()

    assert all(in_memory == on_disk for in_memory, on_disk in found.values())
    assert all(place in found[key & 31][0] for place, key in enumerate(keys) if key & 31 == key)
