"""A mail log that waits in the database in sealed pieces, read as one stream with one piece in memory."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from discovery.models import UnreadPiece
from discovery.sealing import unseal

if TYPE_CHECKING:
    from collections.abc import Callable

    from discovery.models import UnreadFile


class WaitingLog:
    """What readers of packed files ask of a file: reading on, and going back to the beginning."""

    def __init__(self, file: UnreadFile | None, *, told: Callable[[int], object]) -> None:
        """`told` hears how many bytes were taken from the database so far."""
        self._file, self._told = file, told
        self.seek(0)

    def seek(self, offset: int, /) -> None:
        """Raises ValueError for any place but the beginning."""
        if offset:
            raise ValueError("A waiting log is read from its beginning")
        self._position, self._piece, self.opened = 0, BytesIO(), 0

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, fewer where a piece ends; b"" at the end."""
        while not (found := self._piece.read(size)):
            row = UnreadPiece.objects.filter(file=self._file, position=self._position).values_list("sealed").first()
            if row is None:
                return b""
            piece = unseal(bytes(row[0]))
            self._position, self._piece, self.opened = self._position + 1, BytesIO(piece), self.opened + len(piece)
            self._told(self.opened)
        return found
