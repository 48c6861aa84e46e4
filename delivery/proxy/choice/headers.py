"""Fields of a header block as they stand in the bytes that pass."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

MESSAGE_ID = b"message-id"


def field_of(header: bytes, name: bytes) -> bytes | None:
    """The first field of that name (in lower case), unfolded and stripped; None where there is none."""
    lower = header.lower()
    mark = name + b":"
    if lower.startswith(mark):
        start = 0
    else:
        start = lower.find(b"\r\n" + mark) + 2
        if start == 1:
            return None
    start += len(mark)
    end = header.find(b"\r\n", start)
    while end >= 0 and header[end + 2 : end + 3] in {b" ", b"\t"}:
        end = header.find(b"\r\n", end + 2)
    value = header[start:] if end < 0 else header[start:end]
    return value.replace(b"\r\n", b"").strip()


@lru_cache(maxsize=1)  # asked for the same block by who chooses and by who recognises a retry
def message_id_of(header: bytes) -> bytes:
    """Empty where there is none."""
    return field_of(header, MESSAGE_ID) or b""


def identity_of(header: bytes) -> bytes:
    """What a message is known by: its Message-ID, or the digest of its header block."""
    return message_id_of(header) or blake2b(header, digest_size=16).hexdigest().encode()
