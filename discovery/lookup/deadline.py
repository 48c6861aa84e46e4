"""Asks the child process of `engine`, and ends it when an answer takes too long."""

import json
import mmap
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from discovery.lookup.clock import Clock

ENGINE = Path(__file__).with_name("engine.py")
SECONDS = 1.0  # for one key in one table, or for taking in a table's patterns
START_SECONDS = 8.0
CHUNK = 64 * 1024


class TooSlowError(Exception):
    """The pattern with this number did not come to an end, or brought the library down."""

    def __init__(self, number: int) -> None:
        """Keep the number of the pattern that was under trial."""
        super().__init__(number)
        self.number = number


class NoEngineError(Exception):
    """The library for this kind of table is not on this machine."""


class PatternMatcher:
    """The patterns of one table, compiled in a process of their own. Use as a context manager, or call `close`."""

    def __init__(
        self, kind: str, patterns: Sequence[tuple[str, str]], *, limit: int = 0, clock: Clock | None = None
    ) -> None:
        """Compile `(pattern, flags)`; `limit` overrides how many steps PCRE takes before it gives up.

        Nothing takes longer than `clock` has left.

        Raises TooSlowError, and NoEngineError without the library.
        """
        self._clock = clock or Clock()
        with tempfile.TemporaryFile() as file:
            file.truncate(4)
            self._now = mmap.mmap(file.fileno(), 4)
            self._child = subprocess.Popen(  # noqa: S603 (our own program)
                [sys.executable, "-I", "-S", str(ENGINE), str(file.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=[file.fileno()],
            )
        try:
            told = self._ask({"kind": kind, "patterns": list(patterns), "limit": limit}, is_start=True)
        except BaseException:
            self.close()
            raise
        self.counts: list[int] = told["counts"]
        self.errors: dict[int, str] = {int(number): text for number, text in told["errors"].items()}

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self.close()

    def walk(self, rules: Sequence[dict[str, Any]], subject: str) -> dict[str, Any]:
        """The first rule that fires; raises TooSlowError."""
        return self._ask({"rules": list(rules), "subject": subject})

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe and not pipe.closed:
                pipe.close()
        self._child.wait()

    def _ask(self, question: dict[str, Any], *, is_start: bool = False) -> dict[str, Any]:
        """One line to the child and one back; the start may take longer, because Python itself has to come up."""
        pipe = self._child.stdin
        try:
            if pipe:
                pipe.write(json.dumps(question).encode() + b"\n")
                pipe.flush()
        except BrokenPipeError:
            raise TooSlowError(self._tried) from None
        answer = self._read(min(START_SECONDS if is_start else SECONDS, self._clock.left))
        if not answer:
            raise TooSlowError(self._tried)
        said: dict[str, Any] = json.loads(answer)
        if said.get("absent"):
            raise NoEngineError
        return said

    def _read(self, seconds: float) -> bytes:
        """A whole line, or what came before the deadline or the child's end: nothing that can be used."""
        pipe = self._child.stdout
        if pipe is None:
            return b""
        parts: list[bytes] = []
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and select.select([pipe], [], [], left)[0]:
            part = os.read(pipe.fileno(), CHUNK)
            parts.append(part)
            if not part or part.endswith(b"\n"):
                break
        whole = b"".join(parts)
        return whole if whole.endswith(b"\n") else b""

    @property
    def _tried(self) -> int:
        return int.from_bytes(self._now[0:4], "little")
