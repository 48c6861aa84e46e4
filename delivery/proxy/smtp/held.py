"""The beginning of a message's content, kept until no second attempt can need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery.proxy.smtp.proxy import Proxy

KEPT = 262_144  # bytes of a message
KEPT_BY_ALL = 33_554_432  # of all messages of a process


class Held:
    """`is_whole` as long as nothing of what came was let go."""

    __slots__ = ("chunks", "is_whole", "proxy", "size")

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.chunks: list[bytes] = []
        self.size = 0
        self.is_whole = True

    @property
    def is_too_much(self) -> bool:
        return self.size > KEPT or self.proxy.held > KEPT_BY_ALL

    def add(self, chunk: bytes) -> None:
        self.chunks.append(chunk)
        self.size += len(chunk)
        self.proxy.held += len(chunk)

    def forget(self) -> None:
        self.proxy.held -= self.size
        self.chunks, self.size, self.is_whole = [], 0, False
