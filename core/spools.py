"""A file that is being received: on disk, where it would stand in plain text, it is sealed with a key of its own."""

from __future__ import annotations

import tempfile
from io import BytesIO
from typing import IO, TYPE_CHECKING, cast

from cryptography.fernet import Fernet

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 256 * 1024
LENGTH_BYTES = 4


class SealedFile:
    """Written once from beginning to end, then read so as often as wanted: what was changed since is not read."""

    def __init__(self, cipher: Fernet, file: IO[bytes]) -> None:
        self._cipher, self._file = cipher, file
        self._ready, self._open = bytearray(), BytesIO()

    def write(self, content: bytes) -> None:
        self._ready += content
        while len(self._ready) >= PIECE:
            self._keep(bytes(self._ready[:PIECE]))
            del self._ready[:PIECE]

    def seek(self, offset: int, /) -> None:
        """To the beginning, with all that was written; it goes nowhere else. Raises ValueError for another place."""
        if offset:
            raise ValueError("It is read from its beginning")
        if self._ready:
            self._keep(bytes(self._ready))
        self._file.seek(0)
        self._ready, self._open = bytearray(), BytesIO()

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, fewer only at the end; without a size everything that is left.

        Raises cryptography.fernet.InvalidToken where another cipher sealed it, or it was changed since.
        """
        found = bytearray(self._open.read(size))
        while (size < 0 or len(found) < size) and (piece := self._next()):
            self._open = BytesIO(piece)
            found += self._open.read(-1 if size < 0 else size - len(found))
        return bytes(found)

    def close(self) -> None:
        self._file.close()

    def _keep(self, piece: bytes) -> None:
        sealed = self._cipher.encrypt(piece)
        self._file.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)

    def _next(self) -> bytes:
        length = int.from_bytes(self._file.read(LENGTH_BYTES), "big")
        return self._cipher.decrypt(self._file.read(length)) if length else b""


class SealedSpool(SealedFile):
    """Its key dies with it."""

    def __init__(self) -> None:
        """An empty file without a name: it is gone with the process, however that ends."""
        file = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115 (closed by `close`, or with the object)
        super().__init__(Fernet(Fernet.generate_key()), file)


def pieces_of(file: IO[bytes], size: int) -> Iterator[bytes]:
    """All of a file from its beginning, `size` bytes at once."""
    file.seek(0)
    while piece := file.read(size):
        yield piece
