"""Child processes that end with their parent, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


def die_with_parent(last_signal: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """For `Popen(preexec_fn=...)`, from the main thread of a process without other threads.

    The kernel sends `last_signal` to the child when its parent is gone, also after kill -9. Systems other than Linux
    have no such call: there the parent's own tidying has to do.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def bind() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died between fork and here
                os._exit(1)

    return bind


def bind_forked_children() -> None:
    """From now on every forked child ends with the process that forked it, from its first instruction on."""
    parent = [os.getpid()]
    os.register_at_fork(
        before=lambda: parent.__setitem__(0, os.getpid()),
        after_in_child=lambda: bind_to_parent(parent[0]),
    )


def bind_to_parent(parent: int, last_signal: signal.Signals = signal.SIGKILL) -> None:
    """The same for a process that is already running, a forked one for example; `parent` is who forked it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
    if os.getppid() != parent:  # it died before the child came this far
        os._exit(1)
