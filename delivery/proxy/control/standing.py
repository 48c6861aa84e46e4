"""The decisions that stand, in one small file which all processes of a host obey from their next choice on.

`standing.json` is replaced as a whole and made durable before a decision counts as made. The counter in
`standing.turn`, which every process has mapped, then tells them to read it: looking at it costs no system call.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from delivery.proxy.envelope import Backend

FILE, TURN = "standing.json", "standing.turn"


@dataclass(frozen=True, slots=True)
class Weight:
    """Holds while the configuration still says `instead_of`; once it says something else, that is the last word."""

    new: float
    instead_of: float


@dataclass(frozen=True, slots=True)
class Decisions:
    """`everything` names the side all transactions go to, `by` what put it there.

    `draining` names the run of the proxy that takes no new sessions: the next run takes them again.
    """

    everything: Backend | None = None
    by: Literal["", "rollback", "drain", "unreadable"] = ""
    since: str = ""
    draining: str = ""
    weights: dict[str, Weight] = field(default_factory=dict)
    serial: int = 0

    def weight_of(self, rule: str, configured: float) -> float:
        weight = self.weights.get(rule)
        return weight.new if weight and weight.instead_of == configured else configured

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True)


UNREADABLE = Decisions(everything="old", by="unreadable")


class Standing:
    """`turn` changes with every decision, of whichever process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE
        self._turn_path = folder / TURN
        descriptor = os.open(self._turn_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, 8)
            self._map = mmap.mmap(descriptor, 8)
        finally:
            os.close(descriptor)
        self._words = memoryview(self._map).cast("Q")

    @property
    def turn(self) -> int:
        return self._words[0]

    def read(self) -> Decisions:
        """What cannot be read sends everything to the old side: that is where mail went before there was a proxy."""
        try:
            return _decisions(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Decisions()
        except (OSError, ValueError, TypeError, KeyError):
            return UNREADABLE

    def decide(self, change: Callable[[Decisions], Decisions]) -> Decisions:
        """One at a time across processes. Raises OSError when it cannot be made durable: then nothing changed."""
        with self._alone():
            made = replace(change(self.read()), since=datetime.now(UTC).isoformat(timespec="milliseconds"))
            draft = self.path.with_name(f".{FILE}.{os.getpid()}")
            with draft.open("w", encoding="utf-8") as file:
                file.write(made.as_json())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
            self._words[0] += 1
            _sync_folder(self.path.parent)
        return made

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._turn_path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def close(self) -> None:
        self._words.release()
        self._map.close()


def _decisions(said: dict[str, object]) -> Decisions:
    weights = said["weights"]
    if said["everything"] not in {None, "old", "new"} or not isinstance(weights, dict):
        raise ValueError("not written by a proxy")
    return Decisions(**{**said, "weights": {rule: Weight(**weight) for rule, weight in weights.items()}})  # type: ignore[arg-type]  # what JSON holds has no types; a wrong one is caught by read()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def roll_back(decisions: Decisions) -> Decisions:
    return replace(decisions, everything="old", by="rollback")


def resume(decisions: Decisions) -> Decisions:
    """Lifts rollback and drain; weights stay as they were set."""
    return replace(decisions, everything=None, by="", draining="")


def drain_side(side: Backend) -> Callable[[Decisions], Decisions]:
    other: Backend = "old" if side == "new" else "new"
    return lambda decisions: replace(decisions, everything=other, by="drain")


def drain_run(run: str) -> Callable[[Decisions], Decisions]:
    return lambda decisions: replace(decisions, draining=run)


def set_weight(rule: str, new: float, configured: float) -> Callable[[Decisions], Decisions]:
    """Setting a weight is the way back from a rollback as well."""
    weight = Weight(new, configured)
    return lambda decisions: replace(resume(decisions), weights={**decisions.weights, rule: weight})
