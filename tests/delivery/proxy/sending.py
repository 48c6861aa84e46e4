"""A client that sends and tries again as Postfix does, in seconds where Postfix waits minutes.

What is temporary (4xx, a lost connection, silence) is tried again, recipient by recipient; what is refused with 5xx is
given up; sessions are used again. It can also be the kind of client that goes away at the worst moment.
"""

import asyncio
import heapq
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from tests.delivery.proxy.messages import Message

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


@dataclass(order=True)
class Delivery:
    due: float
    number: int
    message: Message = field(compare=False)
    recipients: list[str] = field(compare=False)
    tries: int = field(compare=False, default=0)


class Lost(Exception):  # noqa: N818 (it is what happened, and often no error)
    """The connection ended or fell silent."""


class Line:
    """One session with the server."""

    def __init__(self, port: int, patience: float) -> None:
        self.port, self.patience, self.used = port, patience, 0

    async def open(self) -> None:
        async with asyncio.timeout(self.patience):
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            await self.expect(220)
            await self.say(b"EHLO client.example\r\n")
        except Lost:
            self.close()
            raise

    async def expect(self, wanted: int) -> None:
        code, _ = await self.reply()
        if code != wanted:
            raise Lost

    async def say(self, line: bytes) -> tuple[int, str]:
        self.writer.write(line)
        return await self.reply()

    async def reply(self) -> tuple[int, str]:
        lines = []
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    line = await self.reader.readuntil(b"\r\n")
                    lines.append(line.decode("latin-1").rstrip())
                    if line[3:4] != b"-":
                        break
        except (OSError, EOFError, TimeoutError) as error:
            raise Lost from error
        return int(lines[-1][:3]), lines[-1]

    def close(self) -> None:
        self.writer.transport.abort()


class Sender:
    """`manners` are chances: leaves_body, leaves_dot (goes away there), crawls (body in drops), waits (for replies)."""

    def __init__(self, port: int, messages: list[Message], *, sessions: int = 20, **told) -> None:
        self.port, self.sessions, self.messages = port, sessions, messages
        self.patience = told.get("patience", 8.0)
        self.dice, self.manners = random.Random(told.get("seed", 0)), told.get("manners", {})
        self.waiting = [Delivery(0, one.number, one, list(one.recipients)) for one in messages]
        heapq.heapify(self.waiting)
        self.ended: dict[tuple[int, str], str] = {}
        self.awaited = sum(len(one.recipients) for one in messages)
        self.held_at = self.awaited  # after so many answers nothing new is begun
        self.begun: dict[int, float] = {}  # when MAIL of the last try was said, by time.monotonic()
        self.counts: Counter[str] = Counter()

    async def run(self, longest: float) -> None:
        self.loop = asyncio.get_running_loop()
        workers = [asyncio.create_task(self.work()) for _ in range(self.sessions)]
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                await asyncio.gather(*workers)

    def is_done(self) -> bool:
        return len(self.ended) >= self.awaited

    def is_held(self) -> bool:
        return self.held_at <= len(self.ended) < self.awaited

    async def reach(self, mark: int) -> None:
        while len(self.ended) < mark:  # noqa: ASYNC110 (looked at often enough, and nobody has to tell)
            await asyncio.sleep(0.01)

    async def work(self) -> None:
        line = None
        while not self.is_done():
            if self.is_held() or not self.waiting or self.waiting[0].due > self.loop.time():
                await asyncio.sleep(0.02)
                continue
            line = await self.serve(line, heapq.heappop(self.waiting))
        if line:
            line.close()

    async def serve(self, line: Line | None, delivery: Delivery) -> Line | None:
        delivery.tries += 1
        try:
            if line is None or line.used >= 100:
                if line:
                    line.close()
                line = Line(self.port, self.patience)
                self.counts["sessions"] += 1
                await line.open()
            line.used += 1
            is_good = await self.deliver(line, delivery)
        except (Lost, OSError, TimeoutError):
            self.counts["lines lost"] += 1
            is_good = False
        if not is_good and line and hasattr(line, "writer"):
            line.close()
        if left := [one for one in delivery.recipients if (delivery.number, one) not in self.ended]:
            self.put_back(delivery, left)
        return line if is_good else None

    def put_back(self, delivery: Delivery, left: list[str]) -> None:
        pause = min(FIRST_PAUSE * 2 ** min(delivery.tries - 1, 8), LONGEST_PAUSE) * self.dice.uniform(0.5, 1)
        self.counts["tried again"] += 1
        again = Delivery(self.loop.time() + pause, delivery.number, delivery.message, left, delivery.tries)
        heapq.heappush(self.waiting, again)

    async def deliver(self, line: Line, delivery: Delivery) -> bool:
        """Whether the session can be used again."""
        self.begun[delivery.number] = time.monotonic()
        told = [f"MAIL FROM:<{delivery.message.sender}>\r\n", *(f"RCPT TO:<{one}>\r\n" for one in delivery.recipients)]
        mail, *rest, data = await self.ask(line, [*told, "DATA\r\n"])
        asked = list(zip(delivery.recipients, rest, strict=True))
        if mail[0] != 250:
            self.decide(delivery, delivery.recipients, mail)
        taken = [one for one, reply in asked if reply[0] in {250, 251}]
        if mail[0] == 250:
            for one, reply in asked:
                if one not in taken:
                    self.decide(delivery, [one], reply)
        if data[0] != 354:
            self.decide(delivery, taken, data)
            return 421 not in {mail[0], data[0]} and (await line.say(b"RSET\r\n"))[0] == 250
        return await self.send_body(line, delivery, taken)

    async def ask(self, line: Line, commands: list[str]) -> list[tuple[int, str]]:
        if self.dice.random() >= self.manners.get("waits", 0):
            line.writer.write("".join(commands).encode())
            return [await line.reply() for _ in commands]
        self.counts["waited"] += 1
        heard = []
        for command in commands:
            heard.append(await line.say(command.encode()))
            await asyncio.sleep(self.dice.random() * 0.05)
        return heard

    async def send_body(self, line: Line, delivery: Delivery, taken: list[str]) -> bool:
        body, chance = delivery.message.wire, self.dice.random
        if chance() < self.manners.get("leaves_body", 0):
            line.writer.write(body[: len(body) // 2])
            await line.writer.drain()
            self.counts["left in the body"] += 1
            raise Lost
        if chance() < self.manners.get("crawls", 0):
            self.counts["crawled"] += 1
            for at in range(0, len(body), max(len(body) // 8, 1)):
                if line.writer.is_closing():
                    raise Lost
                line.writer.write(body[at : at + max(len(body) // 8, 1)])
                await asyncio.sleep(0.05)
            body = b""
        line.writer.write(body + b".\r\n")
        if chance() < self.manners.get("leaves_dot", 0):
            await line.writer.drain()
            await asyncio.sleep(chance() * 0.01)
            self.counts["left at the dot"] += 1
            raise Lost
        reply = await line.reply()
        self.decide(delivery, taken, reply)
        return reply[0] != 421

    def decide(self, delivery: Delivery, recipients: list[str], reply: tuple[int, str]) -> None:
        code, text = reply
        self.counts[f"answered {code // 100}xx"] += 1
        if code // 100 in {2, 5}:
            for one in recipients:
                self.ended.setdefault((delivery.number, one), text)
