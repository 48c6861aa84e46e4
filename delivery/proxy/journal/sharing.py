"""What several hosts know of each other's messages, in a Redis they share.

An intent is told there before its dot goes out, and the answer says what other hosts have told of the same message.
Where that forbids sending it here, the attempt is put off; from then on `earlier` knows it too, so that the client's
next attempt is pinned, or answered, as on one host. Without the Redis nothing is promised.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, NamedTuple, cast

import redis.asyncio
from redis.exceptions import RedisError

from delivery.proxy.journal.clock import now
from delivery.proxy.journal.records import Entry, Hearing, JournalUnavailable, State, escape, unescape
from delivery.proxy.journal.retries import binding, forbids, pinned_side, repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from redis.asyncio.client import Pipeline

    from delivery.proxy.journal.keys import Key
    from delivery.proxy.journal.records import Intent, Outcome
    from delivery.proxy.journal.settings import Settings

    Done = Callable[[JournalUnavailable | None], None]

BEAT = 10  # seconds between two signs of life; after three without one, what a process left open is unknown
AT_ONCE = 500
REMEMBERED = 10_000
PATIENCE = 5.0
AGAIN = 1.0


class Claim(NamedTuple):
    intent: Intent
    done: Done


class Told(NamedTuple):
    """How a transaction ended, or a client heard of it. Without `fields` it binds nobody any more."""

    marks: tuple[int, ...]
    name: str
    fields: bytes
    is_accepted: bool = False


class Sharing:
    """`run` prefixes the ids of this process, since it began."""

    def __init__(self, address: str, run: str, settings: Settings) -> None:
        self.run, self.settings = run, settings
        self.client = redis.asyncio.from_url(address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self.trouble: JournalUnavailable | None = None
        self.claims: list[Claim] = []
        self.told: list[Told] = []
        self.open: dict[str, Intent] = {}
        self.listening: dict[str, tuple[Intent, bytes]] = {}
        self.known: dict[int, dict[str, Entry]] = {}
        self.wake = asyncio.Event()
        self.tasks = [asyncio.create_task(self.talk()), asyncio.create_task(self.live())]

    def claim(self, intent: Intent, done: Done) -> None:
        self.open[intent.id] = intent
        self.claims.append(Claim(intent, done))
        self.wake.set()

    def conclude(self, name: str, outcome: Outcome, reply: bytes) -> None:
        intent = self.open.pop(name, None)
        if intent is None:
            return
        if outcome == "accepted":
            self.listening[name] = (intent, reply)
        fields = b"" if outcome == "refused" else fields_of(intent, outcome, reply)
        self.tell(Told(intent.key.marks, name, fields, is_accepted=outcome == "accepted"))

    def hear(self, name: str, key: Key, hearing: Hearing) -> None:
        """Also of another host's transaction, whose reply was given again. What binds nobody any more is let go."""
        ours = self.listening.pop(name, None)
        if hearing == "heard" and not key.is_named:
            self.let_go(name, key.marks)
        elif ours is not None:
            intent, reply = ours
            self.tell(Told(key.marks, name, fields_of(intent, "accepted", reply, hearing), is_accepted=True))

    def release(self, entry: Entry) -> None:
        self.let_go(entry.id, entry.marks)

    def let_go(self, name: str, marks: tuple[int, ...]) -> None:
        for mark in marks:
            self.known.get(mark, {}).pop(name, None)
        self.tell(Told(marks, name, b""))

    def tell(self, told: Told) -> None:
        self.told.append(told)
        self.wake.set()

    def earlier(self, key: Key) -> tuple[Entry, ...]:
        found: dict[str, Entry] = {}
        for mark in key.marks:
            for name, one in self.known.get(mark, {}).items():
                shared = (*found[name].shared, mark) if name in found else (mark,)
                found[name] = one._replace(key=key.message, shared=shared)
        return tuple(found.values())

    async def talk(self) -> None:
        """One exchange for all that has gathered."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            claims, self.claims = self.claims[:AT_ONCE], self.claims[AT_ONCE:]
            told, self.told = self.told[:AT_ONCE], self.told[AT_ONCE:]
            try:
                answers = await self.exchange(claims, told)
                verdicts = [self.judge(claim.intent, answer) for claim, answer in zip(claims, answers, strict=True)]
            except Exception as error:  # noqa: BLE001 (whatever the Redis holds, nobody must wait for ever)
                self.fail(claims, told, error)
                await asyncio.sleep(AGAIN)
            else:
                self.trouble = None
                for claim, verdict in zip(claims, verdicts, strict=True):
                    claim.done(verdict)
            if self.claims or self.told:
                self.wake.set()

    async def exchange(self, claims: Sequence[Claim], told: Sequence[Told]) -> list[dict[int, list[Entry]]]:
        """What others have said of each of the claimed messages, by the mark of a recipient."""
        pipe = self.client.pipeline(transaction=False)
        marks = [(claim.intent, mark) for claim in claims for mark in claim.intent.key.marks]
        for intent, mark in marks:
            pipe.hset(place(mark), intent.id, fields_of(intent, "open", b""))
            pipe.expire(place(mark), int(self.settings.unknown_window))
            pipe.hgetall(place(mark))
        for one in told:
            self.write(pipe, one)
        if not claims and not told:
            pipe.ping()
        answers = iter((await pipe.execute())[2 : 3 * len(marks) : 3])
        found = []
        for claim in claims:
            by_mark = {mark: next(answers) for mark in claim.intent.key.marks}
            found.append({mark: await self.with_living(entries_of(answer)) for mark, answer in by_mark.items()})
        return found

    def write(self, pipe: Pipeline, one: Told) -> None:
        for where in map(place, one.marks):
            if not one.fields:
                pipe.hdel(where, one.name)
                continue
            pipe.hset(where, one.name, one.fields)
            if one.is_accepted:
                pipe.expire(where, int(self.settings.retry_window))

    async def with_living(self, found: Iterable[Entry]) -> list[Entry]:
        """Those of other processes. One that gives no sign of life has nothing open, and nobody listens to it."""
        others = [one for one in found if not one.id.startswith(self.run)]
        for at, one in enumerate(others):
            is_going = one.outcome == "open" or (one.outcome == "accepted" and one.hearing == "listening")
            if is_going and not await self.client.exists(sign_of(one.id.partition("-")[0])):
                lost = one._replace(outcome="unknown") if one.outcome == "open" else one._replace(hearing="broken")
                others[at] = lost
        return others

    def judge(self, intent: Intent, others: dict[int, list[Entry]]) -> JournalUnavailable | None:
        for mark, entries in others.items():
            self.known[mark] = {one.id: one for one in entries}
        while len(self.known) > REMEMBERED:
            del self.known[next(iter(self.known))]
        bound = binding(intent.key, self.earlier(intent.key))
        # What is known binds the next attempt before it asks again, and nobody tells when what was open has ended.
        for mark in others.keys() & self.known.keys():
            self.known[mark] = {name: one for name, one in self.known[mark].items() if one.outcome != "open"}
        if stands_against(intent, bound):
            return JournalUnavailable("Another host has had this message: it is known at the next attempt.")
        return None

    def fail(self, claims: Sequence[Claim], told: Sequence[Told], error: Exception) -> None:
        self.told[:0] = told
        self.trouble = JournalUnavailable(f"The shared Redis does not answer: {error}.")
        waiting, self.claims = [*claims, *self.claims], []
        for claim in waiting:
            claim.done(self.trouble)
        self.wake.set()

    async def live(self) -> None:
        while True:
            with contextlib.suppress(RedisError, OSError):
                await self.client.set(sign_of(self.run), 1, ex=3 * BEAT)
            await asyncio.sleep(BEAT)

    async def close(self) -> None:
        """What is still to be told is told, if the Redis answers."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        with contextlib.suppress(RedisError, OSError):
            await self.exchange([], self.told)
            await self.client.delete(sign_of(self.run))
        await self.client.aclose()


def stands_against(intent: Intent, bound: Sequence[Entry]) -> bool:
    if repeated(intent.key, bound, intent.digest) or forbids(bound, intent.digest, intent.backend):
        return True
    return pinned_side(bound) not in {None, intent.backend}


def place(mark: int) -> str:
    return f"gatepost:message:{mark:016x}"


def sign_of(run: str) -> str:
    return f"gatepost:alive:{run}"


def fields_of(intent: Intent, outcome: str, reply: bytes, hearing: Hearing = "listening") -> bytes:
    told = f"{now()}\t{outcome}\t{hearing}\t{intent.backend}\t{intent.digest}\t{intent.size}\t".encode()
    return told + escape(reply.removesuffix(b"\r\n"))


def entries_of(answer: dict[bytes, bytes]) -> Iterable[Entry]:
    return [entry_of(name, fields) for name, fields in answer.items()]


def entry_of(name: bytes, fields: bytes) -> Entry:
    time, outcome, hearing, backend, digest, size, reply = fields.split(b"\t")
    about = (backend.decode(), "", "", "", "", b"", (), b"", int(size), digest.decode())
    told = cast("State", outcome.decode()), unescape(reply), None
    return Entry(name.decode(), 0, int(time), *about, *told, hearing=cast("Hearing", hearing.decode()))
