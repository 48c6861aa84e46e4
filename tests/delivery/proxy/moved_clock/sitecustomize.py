"""Moves the calendar of a Python process by the seconds that stand in the file CLOCK_MOVED_BY names, at any time.

Python imports it at the start, when this folder is on its path. The steady clock is left alone, as in life.
"""

import mmap
import os
import struct
import time

with open(os.environ["CLOCK_MOVED_BY"], "r+b") as file:  # noqa: PTH123 (pathlib would read the clock)
    MOVED = mmap.mmap(file.fileno(), 8)
TRUE_TIME_NS = time.time_ns


def time_ns() -> int:
    return TRUE_TIME_NS() + struct.unpack("<q", MOVED[:8])[0] * 1_000_000_000


time.time_ns = time_ns
time.time = lambda: time_ns() / 1e9
