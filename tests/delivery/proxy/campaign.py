"""The fault campaign: many messages through a proxy whose parts are killed, stopped and set wrong, by seed."""

import asyncio
import os
import random
import signal
import struct
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil

from tests.delivery.proxy.messages import Message, made
from tests.delivery.proxy.peers import Aiosmtpd, SmtpSink
from tests.delivery.proxy.running import ROOT, Proxy, Sink, free_ports
from tests.delivery.proxy.sending import Sender

DICE = {
    "greeting.421": 0.002,
    "greeting.hang": 0.0005,
    "greeting.late": 0.002,
    "offer.plain": 0.4,
    "ehlo.drop": 0.001,
    "mail.451": 0.002,
    "mail.421": 0.0005,
    "mail.550": 0.0005,
    "mail.leave": 0.003,
    "mail.late": 0.002,
    "rcpt.450": 0.002,
    "rcpt.leave": 0.003,
    "rcpt.550": 0.001,
    "rcpt.drop": 0.0005,
    "data.451": 0.001,
    "data.554": 0.0005,
    "data.drop": 0.0005,
    "data.leave": 0.001,
    "body.drop": 0.001,
    "dot.451": 0.002,
    "dot.554": 0.001,
    "dot.drop": 0.001,
    "dot.lose": 0.001,
    "dot.late": 0.0005,
    "dot.hang": 0.0002,
    "dot.421": 0.0005,
}
MANNERS = {"leaves_body": 0.002, "leaves_dot": 0.002, "crawls": 0.002, "waits": 0.2}
LIMITS = "\n[limits]\ndot = 4\n"
MOVED_CLOCK = Path(__file__).parent / "moved_clock"
JUMPS = (86_400 * 3, -86_400 * 3, 3_600, 0)


class Campaign:
    """`faults` events are spread evenly over the messages, in an order that the seed gives."""

    def __init__(self, folder: Path, *, count: int, faults: int, seed: int, **told) -> None:
        self.folder, self.count, self.faults, self.seed = folder, count, faults, seed
        self.dice, self.done = random.Random(seed), Counter()
        self.messages = made(count, seed, told.get("size", 4000))
        old, new = free_ports(2)
        if told.get("with_peers"):
            self.sinks = {"old": SmtpSink(folder, "old", old), "new": Aiosmtpd(folder, "new", new)}
        else:
            self.sinks = {
                name: Sink(folder, name, port, dice=DICE, seed=seed + place)
                for place, (name, port) in enumerate((("old", old), ("new", new)))
            }
        self.clock = folder / "clock"
        self.set_clock(0)
        path = f"{MOVED_CLOCK}{os.pathsep}{ROOT}"
        environment = {"CLOCK_MOVED_BY": str(self.clock), "PYTHONPATH": path}
        self.share = 25
        self.proxy = Proxy(
            folder, old, new, environment=environment, more=told.get("more", ""), tables=LIMITS + told.get("tables", "")
        )
        self.sender = Sender(
            self.proxy.port, self.messages, sessions=told.get("sessions", 20), manners=MANNERS, seed=seed, patience=6.0
        )

    def set_clock(self, seconds: int) -> None:
        with self.clock.open("r+b" if self.clock.exists() else "wb") as file:
            file.write(struct.pack("<q", seconds))

    def run(self, longest: float) -> dict:
        began = time.monotonic()
        self.kinds = [self.kill_proxy, self.kill_proxy, self.kill_sink, self.stop_sink, self.reload, self.fill_disk]
        self.kinds.append(self.jump_clock)
        try:
            for part in (*self.sinks.values(), self.proxy):
                part.start()
            asyncio.run(self.send(longest))
            seconds = time.monotonic() - began
            self.proxy.end()
        finally:
            for part in (self.proxy, *self.sinks.values()):
                part.kill()
        return {**self.judge(), "seconds": round(seconds, 1), "rate": round(self.count / seconds)}

    async def send(self, longest: float) -> None:
        hurting = asyncio.create_task(self.hurt())
        await self.sender.run(longest)
        hurting.cancel()
        with suppress(asyncio.CancelledError):
            await hurting

    async def hurt(self) -> None:
        """No message is sent past the next fault's place before that fault begins: each of them meets messages."""
        marks = [self.sender.awaited * turn // (self.faults + 1) for turn in range(1, self.faults + 1)]
        for turn, mark in enumerate(marks):
            self.sender.held_at = mark
            await self.sender.reach(mark)
            await asyncio.sleep(self.dice.random() * 0.02)
            kind = self.kinds[turn % len(self.kinds)]
            self.done[kind.__name__] += 1
            self.sender.held_at = (*marks, self.sender.awaited)[turn + 1]
            await kind()

    async def kill_proxy(self) -> None:
        """All of it, or one of its processes where it has several: that one it replaces by itself."""
        workers = psutil.Process(self.proxy.process.pid).children()
        if workers and self.dice.random() < 0.5:
            self.dice.choice(workers).kill()
            return
        self.proxy.kill()
        await self.return_of(self.proxy)

    async def kill_sink(self) -> None:
        sink = self.sinks[self.dice.choice(("old", "new"))]
        sink.kill()
        await asyncio.sleep(self.dice.random())
        await self.return_of(sink)

    async def return_of(self, part) -> None:
        part.start(is_awaited=False)
        await asyncio.to_thread(part.wait)

    async def stop_sink(self) -> None:
        sink = self.sinks[self.dice.choice(("old", "new"))]
        sink.tell(signal.SIGSTOP)
        await asyncio.sleep(self.dice.uniform(0.2, 1.5))
        sink.tell(signal.SIGCONT)

    async def reload(self) -> None:
        self.share = self.dice.choice((0, 25, 50, 75, 100))
        self.proxy.configure(share=self.share)
        await asyncio.sleep(0.2)

    async def fill_disk(self) -> None:
        """No file of the proxy can grow for a moment: the same as a full disk, without one."""
        top = psutil.Process(self.proxy.process.pid)
        parts = [top, *top.children()]
        _, hard = top.rlimit(psutil.RLIMIT_FSIZE)
        for limit in (1, hard):
            for part in parts:
                with suppress(psutil.NoSuchProcess):
                    part.rlimit(psutil.RLIMIT_FSIZE, (limit, hard))
            await asyncio.sleep(0.3)

    async def jump_clock(self) -> None:
        self.set_clock(JUMPS[self.done["jump_clock"] % len(JUMPS)])

    def judge(self) -> dict:
        taken = {name: sink.taken() for name, sink in self.sinks.items()}
        return {
            **judge(self.messages, self.sender.ended, taken, self.proxy.entries()),
            "undecided": self.sender.awaited - len(self.sender.ended),
            "faults of the proxy itself": self.proxy.log.read_text(errors="replace").count('"event": "fault"'),
            "faults": dict(self.done),
            "client": dict(self.sender.counts),
        }


def has_unknown(message_id: str, unknown: Counter) -> bool:
    """Whether an attempt may have arrived after which the client was told to try again, and was refused then."""
    return any(unknown[side, message_id] for side in ("old", "new"))


def was_cut(record: dict, message: Message) -> bool:
    """Whether the backend was killed while it wrote this down: then it has not answered either."""
    return "text" in record and message.text[-30:].decode("latin-1").strip() not in record["text"]


def was_changed(record: dict, message: Message) -> bool:
    if "digest" in record:
        return record["digest"] != message.digest
    return message.text.decode("latin-1").replace("\r\n", "\n") not in record["text"].replace("\r\n", "\n")


def judge(messages: list[Message], ended: dict, taken: dict[str, list[dict]], entries: list[dict]) -> dict:
    """Counts by message and recipient; the journal explains what the backends took twice."""
    by_id = {one.message_id.strip("<>"): one for one in messages}
    got: dict[str, Counter] = {name: Counter() for name in taken}
    changed = 0
    for name, records in taken.items():
        for record in records:
            message = by_id[record["message_id"].strip("<>")]
            if was_cut(record, message):
                continue
            changed += was_changed(record, message)
            got[name].update((message.number, one) for one in record["recipients"])
    accepted = {key for key, reply in ended.items() if reply.startswith("2")}
    refused = {key for key, reply in ended.items() if reply.startswith("5")}
    everywhere = got["old"] + got["new"]
    unknown = Counter((one["backend"], one["message_id"].strip("<>")) for one in entries if one["outcome"] == "unknown")
    doubled = [(name, key, times) for name in got for key, times in got[name].items() if times > 1]
    numbers = {one.number: one.message_id.strip("<>") for one in messages}
    answered_late = {key for key in refused & everywhere.keys() if has_unknown(numbers[key[0]], unknown)}
    unexplained = [
        (name, numbers[key[0]], key[1], times)
        for name, key, times in doubled
        if times - 1 > unknown[name, numbers[key[0]]]
    ]
    return {
        "messages": len(messages),
        "recipients": sum(len(one.recipients) for one in messages),
        "accepted": len(accepted),
        "refused": len(refused),
        "lost": len(accepted - everywhere.keys()),
        "both sides": len(got["old"].keys() & got["new"].keys()),
        "refused but taken": len(refused & everywhere.keys() - answered_late),
        "refused after an unknown outcome": len(answered_late),
        "changed on the way": changed,
        "doubled": len(doubled),
        "doubled without a reason": unexplained[:20],
        "unknown in the journal": sum(unknown.values()),
        "journal entries": len(entries),
    }
