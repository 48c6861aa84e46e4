"""Several processes on the same listeners: started, watched, stopped together.

The sockets are made here, one for each process and listener (SO_REUSEPORT), so that a process which is started anew
finds its queue. Sockets that were handed over by systemd (LISTEN_FDS) are shared by all.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from delivery.proxy.log import Log
    from delivery.proxy.settings import Address, Configuration

FIRST_FD = 3  # of those that systemd hands over
PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a process that ended is started anew, doubled each time in a row
STEADY = 60.0  # seconds after which a process that ends has not failed to start
MOST_FAILURES = 6  # in a row, of one process
LOOK = 0.2
BACKLOG = 4_096


def handed_over() -> list[socket.socket]:
    """Sockets from systemd, in the order of its unit."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", "0"))
    found = [socket.socket(fileno=number) for number in range(FIRST_FD, FIRST_FD + count)]
    for one in found:
        one.setblocking(False)
    return found


def bind(address: Address, *, is_shared: bool) -> socket.socket:
    """Raises OSError."""
    family, _, _, _, end = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if is_shared:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    bound.setblocking(False)
    try:
        bound.bind(end)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise OSError(error.errno, error.strerror, str(address)) from error
    return bound


def sockets_of(configuration: Configuration) -> list[list[socket.socket]]:
    """For each process, one socket for each listener. Raises OSError and ValueError."""
    count, listeners = configuration.processes, configuration.listeners
    if given := handed_over():
        if len(given) != len(listeners):
            raise ValueError(f"{len(given)} sockets were handed over, but there are {len(listeners)} listeners.")
        return [given for _ in range(count)]
    return [[bind(one.address, is_shared=count > 1) for one in listeners] for _ in range(count)]


class Family:
    """`work(number)` is what each process does; it returns its exit code.

    One that ends is started anew, later each time in a row. One that never lasts ends them all: the kernel goes on to
    hand it its share of the sessions, which nobody would answer.
    """

    def __init__(self, count: int, work: Callable[[int], int], log: Log) -> None:
        self.count, self.work, self.log = count, work, log
        self.numbers: dict[int, int] = {}
        self.started: dict[int, float] = {}
        self.failures: dict[int, int] = {}
        self.due: dict[int, float] = {}
        self.is_stopping = False
        self.code = 0

    def run(self) -> int:
        """The exit code: 1 where a process was given up."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGHUP, self._pass_on)
        for number in range(self.count):
            self._start(number)
        while self.numbers or (self.due and not self.is_stopping):
            pid, status = self._next_end()
            ended = self.numbers.pop(pid, None)
            if ended is not None and not self.is_stopping:
                self._plan(ended, os.waitstatus_to_exitcode(status))
        return self.code

    def _next_end(self) -> tuple[int, int]:
        """Of a process; (0, 0) where none has ended and others have to be started."""
        if not self.due:
            return os.wait()
        time.sleep(LOOK)
        for number in [one for one, at in self.due.items() if at <= time.monotonic() and not self.is_stopping]:
            del self.due[number]
            self._start(number)
        return os.waitpid(-1, os.WNOHANG) if self.numbers else (0, 0)

    def _plan(self, number: int, status: int) -> None:
        is_steady = time.monotonic() - self.started[number] >= STEADY
        failures = self.failures[number] = 1 if is_steady else self.failures.get(number, 0) + 1
        self.log("process ended", number=number, status=status)
        if failures < MOST_FAILURES:
            self.due[number] = time.monotonic() + pause_after(failures)
            return
        why = (
            f"Process {number} ended {failures} times in a row within {STEADY:g} s of its start, the last time with "
            f"exit code {status}. All processes are stopped. What was logged before says why; start the proxy again "
            "when that is mended."
        )
        self.log("given up", why=why)
        self.code = 1
        self._stop()

    def _start(self, number: int) -> None:
        self.started[number] = time.monotonic()
        pid = os.fork()
        if pid == 0:
            for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(one, signal.SIG_DFL)  # its loop sets its own; the siblings are none of its business
            os._exit(self.work(number))
        self.numbers[pid] = number

    def _stop(self, *_: object) -> None:
        self.is_stopping = True
        self._tell(self.numbers, signal.SIGTERM)

    def _pass_on(self, *_: object) -> None:
        self._tell(self.numbers, signal.SIGHUP)

    def _tell(self, pids: Sequence[int] | dict[int, int], number: signal.Signals) -> None:
        for pid in list(pids):
            os.kill(pid, number)


def pause_after(failures: int) -> float:
    return min(PAUSE * 2.0 ** (failures - 1), LONGEST_PAUSE)
