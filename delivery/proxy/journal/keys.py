"""By what a retry is recognised, and how recipients stand in the journal."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_SECRET = 64  # of BLAKE2b's key


class Secrecy:
    """With a secret, recipients are written as its hash and their domain, and keys cannot be guessed either."""

    def __init__(self, secret: bytes = b"") -> None:
        self.secret = secret if len(secret) <= LONGEST_SECRET else blake2b(secret).digest()

    def key_of(self, sender: bytes, recipients: Sequence[bytes], identity: bytes) -> int:
        """`identity` is the Message-ID, or the digest of the header block where there is none."""
        named = recipients[0] if len(recipients) == 1 else b"\0".join(sorted(recipients))
        told = b"%b\0\0%b\0\0%b" % (sender, named, identity)
        return int.from_bytes(blake2b(told, digest_size=8, key=self.secret).digest(), "big")

    def shown(self, recipients: Sequence[bytes]) -> Sequence[bytes]:
        return [self.hashed(one) for one in recipients] if self.secret else recipients

    def hashed(self, recipient: bytes) -> bytes:
        domain = recipient.rpartition(b"@")[2] if b"@" in recipient else b""
        told = blake2b(recipient, digest_size=16, key=self.secret).hexdigest().encode()
        return b"%b@%b" % (told, domain) if domain else told
