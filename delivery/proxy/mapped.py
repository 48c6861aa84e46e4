"""Small files that the processes of a host share as memory."""

from __future__ import annotations

import mmap
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def map_file(path: Path, size: int) -> mmap.mmap:
    """`size` bytes of a file that is made when it is not there. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, size)  # a page without room on the disk would kill whoever writes it
        return mmap.mmap(descriptor, size)
    finally:
        os.close(descriptor)
