"""Large files as they were sent: sealed piece by piece as they come, put together again where they are read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from core.errors import DomainError
from core.spools import pieces_of
from core.uploads import file_too_large
from discovery.log_limit import LARGE_LOGS
from discovery.models import UnreadFile, UnreadPiece
from discovery.sealing import seal, unseal

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

PIECE = 1024 * 1024  # is sealed as one row


def keep_pieces(content_file: IO[bytes]) -> tuple[UnreadFile, int, str]:
    """The sealed file, its size and its fingerprint, one piece in memory. Under no lock: a large file takes a while.

    Raises DomainError for a file that is empty or too large.
    """
    file, size, whole = UnreadFile.objects.create(), 0, hashlib.sha256()
    for position, piece in enumerate(pieces_of(content_file, PIECE)):
        size += len(piece)
        whole.update(piece)
        if size > LARGE_LOGS.limit:
            raise DomainError(f"{file_too_large(LARGE_LOGS)}.")
        UnreadPiece.objects.create(file=file, position=position, sealed=seal(piece))
    if not size:
        raise DomainError("The selected file is empty.")
    return file, size, whole.hexdigest()


def write_pieces(file: UnreadFile, into: Path) -> None:
    """The bytes as they were sent, in a file that only this account may read."""
    into.touch(mode=0o600)
    with into.open("wb") as out:
        sealed = UnreadPiece.objects.filter(file=file).order_by("position").values_list("sealed", flat=True)
        for piece in sealed.iterator(chunk_size=1):
            out.write(unseal(bytes(piece)))


def let_go(file: UnreadFile | None) -> None:
    """Remove the bytes. Whoever points at them has to have let go first."""
    if file:
        UnreadPiece.objects.filter(file=file).delete()
        file.delete()
