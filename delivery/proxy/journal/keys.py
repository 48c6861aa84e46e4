"""By what a retry is recognised, and how recipients stand in the journal."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_SECRET = 64  # of BLAKE2b's key


class Key(NamedTuple):
    """`message` is the same for all who get the same message; each of `marks` is of one of the recipients at hand.

    `is_named` where the message has a Message-ID: without one, equal messages may be different ones.
    """

    message: int
    marks: tuple[int, ...]
    is_named: bool = True


class Secrecy:
    """With a secret, recipients are written as its hash and their domain, and keys cannot be guessed either."""

    def __init__(self, secret: bytes = b"") -> None:
        self.secret = secret if len(secret) <= LONGEST_SECRET else blake2b(secret).digest()

    def key_of(self, sender: bytes, recipients: Sequence[bytes], identity: bytes, *, is_named: bool = True) -> Key:
        """`identity` is the Message-ID, or the digest of the header block where there is none."""
        told = b"%b\0\0%b" % (sender, identity)
        message = int.from_bytes(blake2b(told, digest_size=8, key=self.secret).digest(), "big")
        return Key(message, marks_of(message, self.shown(recipients)), is_named)

    def shown(self, recipients: Sequence[bytes]) -> Sequence[bytes]:
        return [self.hashed(one) for one in recipients] if self.secret else recipients

    def hashed(self, recipient: bytes) -> bytes:
        domain = recipient.rpartition(b"@")[2] if b"@" in recipient else b""
        told = blake2b(recipient, digest_size=16, key=self.secret).hexdigest().encode()
        return b"%b@%b" % (told, domain) if domain else told


def marks_of(message: int, shown: Iterable[bytes]) -> tuple[int, ...]:
    """One for each recipient, as it stands in the journal."""
    return tuple([message ^ crc32(one) for one in shown])
