"""Advisory locks on files: the kernel lets go of them when their holder dies, so that none is ever stale."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class FileLock:
    """An open lock file. Children that are exec'ed do not inherit it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def share(self) -> None:
        """Wait until nobody holds it alone, then hold it beside others."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def take(self) -> None:
        """Wait until nobody else holds it, then hold it alone."""
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def try_to_take(self) -> bool:
        """Hold it alone if nobody else holds it now."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def write(self, text: str) -> None:
        """Leave a word for those who find it locked."""
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def close(self) -> None:
        os.close(self._file)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Only one process at a time is inside."""
    lock = FileLock(path)
    lock.take()
    try:
        yield
    finally:
        lock.close()


def is_held(path: Path) -> bool:
    """Whether another process holds this lock."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        return not lock.try_to_take()
    finally:
        lock.close()
