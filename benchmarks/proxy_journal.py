"""The proxy's journal beside a naive one that syncs each record on its own, in one run; then a replay of many entries.

    .venv/bin/python -m benchmarks.proxy_journal [messages] [entries]

Both take the same transactions from 50 concurrent sessions: an intent that has to be durable, then an outcome. The
naive one looks retries up in a dictionary. The replay runs in processes of their own, so that their memory is known.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import uvloop

from delivery.proxy.journal import Intent, Journal, Settings, read_journal
from delivery.proxy.journal.records import encode_intent, encode_outcome

if TYPE_CHECKING:
    from collections.abc import Callable

SESSIONS = 50
MESSAGES = 20_000
ENTRIES = 2_500_000
REPLY = b"250 2.0.0 Ok: queued as 4FA1B2C3D4E5"


def transaction(journal: Journal | Naive, number: int) -> Intent:
    sender, recipients, message_id = (
        b"news@shop.example",
        (b"u%d@mail.example" % number,),
        b"<%d.9f@shop.example>" % number,
    )
    key = journal.key_of(sender, recipients, message_id)
    client = ("new", "message", "192.0.2.7:40312", "127.0.0.1:2525", "")
    return Intent(journal.new_id(), key, *client, sender, recipients, message_id, 10240, "ab" * 16)


class Naive:
    """A write and a sync a record, one after the other; all that was seen in a dictionary."""

    def __init__(self, folder: Path) -> None:
        self.file = (folder / "naive").open("ab", buffering=0)
        self.seen: dict[int, tuple[str, str, bytes]] = {}
        self.keys: dict[str, int] = {}
        self.count = 0

    key_of = staticmethod(lambda sender, recipients, message_id: hash((sender, recipients, message_id)) & (1 << 64) - 1)

    def new_id(self) -> str:
        self.count += 1
        return f"naive-{self.count:x}"

    def earlier(self, key: int) -> tuple[str, str, bytes] | None:
        return self.seen.get(key)

    def append(self, intent: Intent, done: Callable[[None], None]) -> None:
        self.keys[intent.id] = intent.key
        self.write(encode_intent(intent, intent.recipients, time.time_ns() // 1000))
        done(None)

    def conclude(self, name: str, outcome: str, reply: bytes) -> None:
        key = self.keys.pop(name)
        self.seen[key] = (name, outcome, reply)
        self.write(encode_outcome(key, name, time.time_ns() // 1000, outcome, reply, (0, 0)))

    def write(self, line: bytes) -> None:
        self.file.write(line)
        os.fsync(self.file.fileno())


async def drive(journal: Journal | Naive, messages: int) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    left, running = messages, SESSIONS

    def next_one() -> None:
        nonlocal left, running
        if not left:
            running -= 1
            if not running:
                over.set_result(None)
            return
        left -= 1
        intent = transaction(journal, left)
        journal.earlier(intent.key)

        def done(_error: object) -> None:
            journal.conclude(intent.id, "accepted", REPLY)
            loop.call_soon(next_one)

        journal.append(intent, done)

    began, used = time.perf_counter(), time.process_time()
    for _ in range(SESSIONS):
        next_one()
    await over
    return time.perf_counter() - began, time.process_time() - used


async def ours(folder: Path, messages: int) -> tuple[float, float]:
    journal = Journal.open(folder)
    took = await drive(journal, messages)
    await journal.close()
    return took


async def naive(folder: Path, messages: int) -> tuple[float, float]:
    return await drive(Naive(folder), messages)


async def fill(folder: Path, entries: int) -> None:
    """What is written within an hour, without a sync: it is the reading that is measured afterwards."""
    journal = Journal.open(folder, Settings(segment_age=1e9))
    for number in range(entries):
        intent = transaction(journal, number)
        journal.append(intent, lambda _error: None)
        journal.commits.waiting.clear()
        journal.write_outcome(intent.id, "accepted", REPLY)
        if number % 500 == 0:
            journal.commits.flush()
            await asyncio.sleep(0)
    await journal.close()


async def replay(folder: Path) -> str:
    began = time.perf_counter()
    journal = Journal.open(folder)
    took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    asked = [transaction(journal, number * 7919 % 100_000) for number in range(20_000)]
    began = time.perf_counter()
    found = sum(len(journal.earlier(intent.key)) for intent in asked)
    hit = (time.perf_counter() - began) / len(asked) * 1e6
    missing = [(intent.key * 31) & (1 << 64) - 1 for intent in asked]
    began = time.perf_counter()
    for key in missing:
        journal.earlier(key)
    miss = (time.perf_counter() - began) / len(asked) * 1e6
    await journal.close()
    asking = f"a message that is known {hit:5.1f} us ({found:,} found), one that is not {miss:4.1f} us"
    return f"{took:6.2f} s, {memory:5.0f} MB; {asking}"


def replay_naive(folder: Path) -> str:
    """Each line split and kept by key, as one would first write it."""
    began, seen, intents = time.perf_counter(), {}, {}
    for path in sorted(folder.glob("p0/*.tsv")):
        for line in path.open("rb"):
            checksum, _, rest = line.rstrip(b"\n").partition(b"\t")
            fields = rest.split(b"\t")
            if int(checksum, 16) != crc32(rest):
                continue
            if fields[0] == b"I":
                intents[fields[2]] = fields
            elif fields[0] == b"O":
                intent = intents.pop(fields[2])
                seen[intent[9], intent[10], intent[11]] = (intent[13], intent[4], fields[4], fields[5])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{time.perf_counter() - began:6.2f} s, {memory:5.0f} MB ({len(seen):,} entries)"


def read_all(folder: Path) -> str:
    began = time.perf_counter()
    count = sum(1 for _ in read_journal(folder))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{time.perf_counter() - began:6.2f} s, {memory:5.0f} MB ({count:,} entries)"


def in_own_process(what: str, folder: Path) -> str:
    words = [sys.executable, "-m", "benchmarks.proxy_journal", what, str(folder)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    given = [int(word) for word in sys.argv[1:]]
    messages, entries = [*given, *(MESSAGES, ENTRIES)[len(given) :]]
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name)
        few = messages // 10
        of_naive = uvloop.run(naive(folder, few))
        of_ours = uvloop.run(ours(folder / "ours", messages))
        rates = [count / took[0] for count, took in ((few, of_naive), (messages, of_ours))]
        costs = [took[1] / count * 1e6 for count, took in ((few, of_naive), (messages, of_ours))]
        print(f"a sync a record   {rates[0]:9,.0f} messages/s {costs[0]:6.1f} us of the processor each")
        print(f"group commit      {rates[1]:9,.0f} messages/s {costs[1]:6.1f} us of the processor each")
        print(f"ratio             {rates[1] / rates[0]:9.1f}")
        uvloop.run(fill(folder / "full", entries))
        size = sum(path.stat().st_size for path in (folder / "full").glob("p0/*.tsv"))
        print(f"{entries:,} transactions, {size / 1e6:,.0f} MB")
        print("start              ", in_own_process("replay", folder / "full"))
        for path in (folder / "full").glob("p0/*.index"):
            path.unlink()
        print("start, no indexes  ", in_own_process("replay", folder / "full"))
        print("dictionary         ", in_own_process("naive", folder / "full"))
        print("read_journal       ", in_own_process("read", folder / "full"))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["replay", name]:
            print(asyncio.run(replay(Path(name))))
        case ["naive", name]:
            print(replay_naive(Path(name)))
        case ["read", name]:
            print(read_all(Path(name)))
        case _:
            main()
