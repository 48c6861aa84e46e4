"""Where logs lie unsealed while a run reads them. What a worker left that was killed, the next run removes."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NEW, READ = "gatepost-new-", "gatepost-run-"


@contextmanager
def unsealed_folder() -> Iterator[Path]:
    """For this account alone, and gone afterwards."""
    remove_left()
    folder = Path(tempfile.mkdtemp(prefix=NEW))
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)  # before it has the name that others look for; it ends with the process
        folder = folder.rename(folder.with_name(folder.name.replace(NEW, READ)))
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(held)


def remove_left() -> None:
    """Folders that no process holds any more."""
    for left in Path(tempfile.gettempdir()).glob(f"{READ}*"):
        with suppress(OSError):  # another run reads it, or it belongs to another account
            held = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)
            finally:
                os.close(held)
