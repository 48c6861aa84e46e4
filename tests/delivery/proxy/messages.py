"""Messages by seed, as they go over the wire (dot-stuffed, ending with CRLF, without the dot)."""

import hashlib
import random
from dataclasses import dataclass
from functools import cached_property

FILL = random.Random(1).randbytes(200_000).hex().encode()


@dataclass(frozen=True)
class Message:
    number: int
    sender: str
    recipients: tuple[str, ...]
    message_id: str
    size: int

    @cached_property
    def wire(self) -> bytes:
        at = self.number * 977 % 100_000
        head = (
            f"From: <{self.sender}>\r\nTo: <{self.recipients[0]}>\r\n"
            f"Message-ID: {self.message_id}\r\nSubject: number {self.number}\r\n\r\n"
        ).encode()
        lines = [FILL[spot : spot + 76] for spot in range(at, at + max(self.size - len(head), 1), 76)]
        odd = b"caf\xc3\xa9 \xff\x00 eight bits\r\n..one dot\r\n" if self.number % 7 == 0 else b""
        return head + odd + b"\r\n".join(lines) + b"\r\n"

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.wire).hexdigest()

    @cached_property
    def text(self) -> bytes:
        """As it is read: without what was put before leading dots."""
        return self.wire.replace(b"\r\n.", b"\r\n")


def made(count: int, seed: int, size: int = 4000) -> list[Message]:
    dice = random.Random(seed)
    return [one_of(number, dice, seed, size) for number in range(count)]


def one_of(number: int, dice: random.Random, seed: int, size: int) -> Message:
    names = [
        f"u{dice.randrange(10_000)}.{number}@d{dice.randrange(40)}.example" for _ in range(dice.choice((1, 1, 1, 2)))
    ]
    return Message(
        number=number,
        sender=f"news{number % 9}@sender.example",
        recipients=tuple(names),
        message_id=f"<{seed:x}.{number:x}.{dice.randrange(1 << 40):x}@sender.example>",
        size=dice.choice((200, size // 4, size, 2 * size)),
    )
