"""What several hosts know of each other's messages, in a Redis they share.

An intent is told there before its dot goes out, and the answer says what other hosts have told of the same message.
Where that forbids sending it here, the attempt is put off; from then on `earlier` knows it too, so that the client's
next attempt is pinned, or answered, as on one host. Without the Redis nothing is promised.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

import redis.asyncio
from redis.exceptions import RedisError

from delivery.proxy.journal.records import Entry, JournalUnavailable, State, escape, unescape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redis.asyncio.client import Pipeline

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
    """How a transaction ended."""

    key: int
    name: str
    outcome: Literal["accepted", "refused", "unknown", "repeated"]
    fields: bytes


class Sharing:
    """`run` prefixes the ids of this process, since it began."""

    def __init__(self, address: str, run: str, settings: Settings) -> None:
        self.run, self.settings = run, settings
        self.client = redis.asyncio.from_url(address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self.trouble: JournalUnavailable | None = None
        self.claims: list[Claim] = []
        self.told: list[Told] = []
        self.open: dict[str, Intent] = {}
        self.known: dict[int, tuple[Entry, ...]] = {}
        self.wake = asyncio.Event()
        self.tasks = [asyncio.create_task(self.talk()), asyncio.create_task(self.live())]

    def claim(self, intent: Intent, done: Done) -> None:
        self.open[intent.id] = intent
        self.claims.append(Claim(intent, done))
        self.wake.set()

    def conclude(self, name: str, outcome: Outcome, reply: bytes) -> None:
        intent = self.open.pop(name, None)
        if intent is not None:
            self.told.append(Told(intent.key, name, outcome, fields_of(intent, outcome, reply)))
            self.wake.set()

    def earlier(self, key: int) -> tuple[Entry, ...]:
        return self.known.get(key, ())

    async def talk(self) -> None:
        """One exchange for all that has gathered."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            claims, self.claims = self.claims[:AT_ONCE], self.claims[AT_ONCE:]
            told, self.told = self.told[:AT_ONCE], self.told[AT_ONCE:]
            try:
                answers = await self.exchange(claims, told)
            except (RedisError, OSError) as error:
                self.fail(claims, told, error)
                await asyncio.sleep(AGAIN)
            else:
                self.trouble = None
                for claim, answer in zip(claims, answers, strict=True):
                    claim.done(self.judge(claim.intent, answer))
            if self.claims or self.told:
                self.wake.set()

    async def exchange(self, claims: Sequence[Claim], told: Sequence[Told]) -> list[list[Entry]]:
        """What others have said of each of the claimed messages."""
        pipe = self.client.pipeline(transaction=False)
        for claim in claims:
            where, intent = place(claim.intent.key), claim.intent
            pipe.hset(where, intent.id, fields_of(intent, "open", b""))
            pipe.expire(where, int(self.settings.unknown_window))
            pipe.hgetall(where)
        for one in told:
            self.tell(pipe, one)
        if not claims and not told:
            pipe.ping()
        found = (await pipe.execute())[2 : 3 * len(claims) : 3]
        others = [
            [entry_of(claim.intent.key, name, fields) for name, fields in answer.items()]
            for claim, answer in zip(claims, found, strict=True)
        ]
        return [await self.with_living(some) for some in others]

    def tell(self, pipe: Pipeline, one: Told) -> None:
        where = place(one.key)
        if one.outcome == "refused":
            pipe.hdel(where, one.name)
            return
        pipe.hset(where, one.name, one.fields)
        if one.outcome == "accepted":
            pipe.expire(where, int(self.settings.retry_window))

    async def with_living(self, found: list[Entry]) -> list[Entry]:
        """Those of other processes; what is open of one that gives no sign of life is unknown."""
        others = [one for one in found if not one.id.startswith(self.run)]
        for at, one in enumerate(others):
            if one.outcome == "open" and not await self.client.exists(sign_of(one.id.partition("-")[0])):
                others[at] = one._replace(outcome="unknown")
        return others

    def judge(self, intent: Intent, others: list[Entry]) -> JournalUnavailable | None:
        if not others:
            return None
        self.known[intent.key] = tuple(others)
        while len(self.known) > REMEMBERED:
            del self.known[next(iter(self.known))]
        if any(stands_against(intent, one) for one in others):
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


def stands_against(intent: Intent, other: Entry) -> bool:
    if other.outcome == "unknown":
        return other.backend != intent.backend
    return other.outcome in {"accepted", "open"} and other.digest == intent.digest


def place(key: int) -> str:
    return f"gatepost:message:{key:016x}"


def sign_of(run: str) -> str:
    return f"gatepost:alive:{run}"


def fields_of(intent: Intent, outcome: str, reply: bytes) -> bytes:
    told = f"{outcome}\t{intent.backend}\t{intent.digest}\t{intent.size}\t".encode()
    return told + escape(reply.removesuffix(b"\r\n"))


def entry_of(key: int, name: bytes, fields: bytes) -> Entry:
    outcome, backend, digest, size, reply = fields.split(b"\t")
    about = (backend.decode(), "", "", "", "", b"", (), b"", int(size), digest.decode())
    return Entry(name.decode(), key, 0, *about, cast("State", outcome.decode()), unescape(reply), None)
