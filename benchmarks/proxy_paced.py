"""A client that sends at a set pace and says how long each message took, counted from when it was due."""

import asyncio
import time
from collections import Counter, deque
from dataclasses import dataclass, field

import uvloop

ENVELOPE = b"MAIL FROM:<a@client.example>\r\nRCPT TO:<b@mail.example>\r\nDATA\r\n"
TEXT = b"x" * 76 + b"\r\n"


@dataclass
class Timing:
    """Seconds."""

    took: list[float] = field(default_factory=list)
    failed: int = 0
    why: Counter[str] = field(default_factory=Counter)
    lasted: float = 0.0

    def fail(self, why: str) -> None:
        self.failed += 1
        self.why[why] += 1

    def quantile(self, share: float) -> float:
        return sorted(self.took)[int(len(self.took) * share)] if self.took else float("inf")


class Session(asyncio.Protocol):
    """One message at a time; what it does when a message is through is told by `free`."""

    def __init__(self, pace: "Pace") -> None:
        self.pace, self.due, self.step, self.buffer = pace, 0.0, "greeting", b""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n")) >= 0:
            line, self.buffer = self.buffer[:end], self.buffer[end + 2 :]
            if line[3:4] != b"-":
                self.replied(line)

    def replied(self, line: bytes) -> None:
        if self.step == "greeting":
            self.step = "hello"
            self.transport.write(b"EHLO client.example\r\n")
        elif self.step == "hello":
            self.step = "free"
            self.pace.free(self)
        elif self.step == "envelope":
            self.left -= 1
            if not line.startswith((b"250", b"354")):
                self.pace.timing.fail(f"refused: {line.decode(errors='replace')}")
                self.step = "over"
                self.transport.abort()
            elif not self.left:
                self.step = "body"
                self.transport.write(self.body)
        elif self.step == "body":
            self.end(line)

    def send(self, due: float, number: int) -> None:
        self.due, self.step, self.left = due, "envelope", 3
        head = f"Message-ID: <{number:x}.{self.pace.mark}@client.example>\r\nSubject: paced\r\n\r\n".encode()
        self.body = head + TEXT * 130 + b".\r\n"
        self.transport.write(ENVELOPE)

    def end(self, reply: bytes) -> None:
        if reply.startswith(b"250"):
            self.pace.timing.took.append(time.perf_counter() - self.due)
        else:
            self.pace.timing.fail(reply.decode(errors="replace"))
        self.step = "free"
        self.pace.ended(self)

    def connection_lost(self, error: Exception | None) -> None:
        if self.step not in {"free", "over"}:
            self.pace.timing.fail(f"lost at {self.step}: {error or 'closed'}")


class Pace:
    def __init__(
        self, port: int, rate: float, seconds: float, *, sessions: int = 50, is_persistent: bool = True
    ) -> None:
        self.port, self.rate, self.count = port, rate, int(rate * seconds)
        self.sessions, self.is_persistent = sessions, is_persistent
        self.timing, self.mark = Timing(), f"{time.time_ns():x}"
        self.idle: deque[Session] = deque()
        self.waiting: deque[tuple[float, int]] = deque()

    def free(self, session: Session) -> None:
        if self.waiting:
            session.send(*self.waiting.popleft())
        else:
            self.idle.append(session)

    def ended(self, session: Session) -> None:
        if self.is_persistent:
            self.free(session)
        else:
            session.transport.write(b"QUIT\r\n")
            session.transport.close()

    async def run(self) -> Timing:
        loop = asyncio.get_running_loop()
        if self.is_persistent:
            for _ in range(self.sessions):
                await loop.create_connection(lambda: Session(self), "127.0.0.1", self.port)
        await asyncio.sleep(0.2)
        began, opening = time.perf_counter(), set()
        for number in range(self.count):
            due = began + number / self.rate
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            self.waiting.append((due, number))
            if not self.is_persistent:
                opening.add(opened := loop.create_task(self.open()))
                opened.add_done_callback(opening.discard)
            elif self.idle:
                self.idle.popleft().send(*self.waiting.popleft())
        await self.wait_for_all()
        self.timing.lasted = time.perf_counter() - began
        return self.timing

    async def open(self) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: Session(self), "127.0.0.1", self.port)
        except OSError as error:
            self.timing.fail(f"no connection: {error}")

    async def wait_for_all(self) -> None:
        end = time.perf_counter() + 15
        while len(self.timing.took) + self.timing.failed < self.count and time.perf_counter() < end:  # noqa: ASYNC110 (often enough, and outside what is measured)
            await asyncio.sleep(0.01)
        for _ in range(self.count - len(self.timing.took) - self.timing.failed):
            self.timing.fail("no answer within 15 s")


def paced(port: int, rate: float, seconds: float, *, is_persistent: bool = True) -> Timing:
    return uvloop.run(Pace(port, rate, seconds, is_persistent=is_persistent).run())
