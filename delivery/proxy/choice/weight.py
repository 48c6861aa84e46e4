"""Where a key stands on the scale from 0 to 100. What stands below the weight goes to the new side."""

from __future__ import annotations

from hashlib import blake2b

SCALE = 100.0 / 2**64


def position_of(kind: str, key: bytes, seed: bytes = b"") -> float:
    """The same key of the same kind stands at the same place for ever, in every process and on every host."""
    return int.from_bytes(blake2b(key, digest_size=8, key=seed, person=kind.encode()).digest(), "big") * SCALE
