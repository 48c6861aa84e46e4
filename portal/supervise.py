"""Runs the parts of the portal side by side, starts again what dies, and leaves nothing behind."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from portal.lifeline import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

STOP_SECONDS = 4
CALM_SECONDS = 30  # a part that ran as long has its next death forgiven
LONGEST_PAUSE = 30
LARGEST_LOG = 5 * 1024 * 1024
LOUD = (b"[error", b"[critical", b"Traceback ")


@dataclass
class Part:
    """One child process: `words` is its command, `last_signal` what the kernel sends it should the supervisor die."""

    name: str
    words: Sequence[str]
    last_signal: signal.Signals = signal.SIGTERM
    running: subprocess.Popen[bytes] | None = None
    log: IO[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    pause: float = field(default=1.0)


class Supervisor:
    """Single-threaded on purpose: children are forked with a hook, which threads would make unsafe."""

    def __init__(self, *, logs: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._parts: list[Part] = []
        self._logs = logs
        self._environment = environment
        self._say = say
        self._outputs = selectors.DefaultSelector()
        self._is_stopping = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def add(self, *parts: Part) -> None:
        """Start further parts."""
        for part in parts:
            self._parts.append(part)
            self._launch(part)

    @property
    def is_stopping(self) -> bool:
        return self._is_stopping

    def turn(self, seconds: float = 0.25) -> None:
        """Copy what the children say, and look after the dead: call it again and again."""
        for key, _ in self._outputs.select(seconds):
            self._copy(key.data)
        for part in self._parts:
            self._look_after(part)

    def stop(self) -> None:
        """Ask all to stop, wait a few seconds, end by force what is left with its children."""
        self._is_stopping = True
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(_is_alive(part) for part in self._parts):
            for key, _ in self._outputs.select(0.05):
                self._copy(key.data)
        for part in self._parts:
            if part.running:
                _signal_group(part.running.pid, signal.SIGKILL)
                part.running.wait()

    def _ask_to_stop(self, _: int, __: FrameType | None) -> None:
        self._is_stopping = True

    def _launch(self, part: Part) -> None:
        part.log = open_log(self._logs / f"{part.name}.log")
        part.running = subprocess.Popen(  # noqa: S603 (our own words)
            part.words,
            bufsize=0,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the supervisor; a group of its own is ended as a whole
            preexec_fn=die_with_parent(part.last_signal),  # noqa: PLW1509 (there are no threads here)
        )
        part.started_at = time.monotonic()
        if part.running.stdout:
            os.set_blocking(part.running.stdout.fileno(), False)
            self._outputs.register(part.running.stdout, selectors.EVENT_READ, part)

    def _copy(self, part: Part) -> None:
        if part.running is None or part.running.stdout is None or part.log is None:
            return
        said = part.running.stdout.read(65536)
        if said == b"":
            self._outputs.unregister(part.running.stdout)
            part.running.stdout.close()
            part.running.stdout = None
            return
        part.log.write(said or b"")
        part.log.flush()
        for line in (said or b"").splitlines():
            if any(mark in line for mark in LOUD):
                self._say(f"{part.name}: {line.decode(errors='replace')[:200]}")

    def _look_after(self, part: Part) -> None:
        now = time.monotonic()
        if part.running is None:
            if now >= part.restart_at and not self._is_stopping:
                self._launch(part)
            return
        code = part.running.poll()
        if code is None:
            return
        self._copy(part)
        _signal_group(part.running.pid, signal.SIGKILL)
        if part.running.stdout:
            self._outputs.unregister(part.running.stdout)
            part.running.stdout.close()
        part.pause = 1.0 if now - part.started_at > CALM_SECONDS else min(part.pause * 2, LONGEST_PAUSE)
        part.running, part.restart_at = None, now + part.pause
        if not self._is_stopping:
            log = self._logs / f"{part.name}.log"
            self._say(f"{part.name} ended ({_ended(code)}) and starts again in {part.pause:.0f} s. See {log}")

    def _signal_all(self, number: signal.Signals) -> None:
        for part in self._parts:
            if part.running and _is_alive(part):
                part.running.send_signal(number)


def _is_alive(part: Part) -> bool:
    return part.running is not None and part.running.poll() is None


def _ended(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"with code {code}"


def _signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return


def open_log(path: Path) -> IO[bytes]:
    """Goes on at the end; what has become large is put aside, one file of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")
