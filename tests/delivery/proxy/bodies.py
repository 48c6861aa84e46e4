"""What is hard to carry, by name: messages as they stand in a file, with CRLF."""

import random

HEAD = (
    b"From: <app@client.example>\r\nTo: <reader@mail.example>\r\nDate: Thu, 26 Nov 2026 09:00:00 +0000\r\n"
    b"Message-ID: <%s@client.example>\r\nSubject: carried unchanged\r\n"
)
SOME = random.Random(7)


def lines(count: int) -> bytes:
    return b"".join(SOME.randbytes(38).hex().encode() + b"\r\n" for _ in range(count))


BODIES = {
    "eight bits": b"\r\ncaf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xff\xfe\x80\r\n\xf0\x9f\x93\xa8\r\n",
    "long lines": b"\r\n" + b"x" * 998 + b"\r\n" + b"y" * 9_000 + b"\r\nend\r\n",
    "leading dots": b"\r\n.\r\n..\r\n...\r\n.a\r\nb\r\n.\r\n.\r\n",
    "empty": b"\r\n",
    "without a body": b"",
    "25 MB": b"\r\n" + lines(1000) * 335,
}


def file_of(name: str, author: str) -> bytes:
    return HEAD % f"{name.replace(' ', '.')}.{author}".encode() + BODIES[name]
