"""The decisions that stand, which all processes of a host obey from their next choice on.

`standing.json` says them; it is replaced as a whole. `standing.turn` is mapped by every process: its first word changes
with each decision, so that looking for one costs no system call. Its second is the rollback, which therefore counts at
once and also where the disk is full or hangs.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from delivery.proxy.mapped import map_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from delivery.proxy.envelope import Backend

KEEP = "keep_rollback"  # a word of `set`; it can be no rule's, whose share is a number
FILE, TURN = "standing.json", "standing.turn"
SIZE = 16
TURNS, ROLLED_BACK = 0, 1


@dataclass(frozen=True, slots=True)
class Weight:
    """Holds while the configuration still says `instead_of`; once it says something else, that is the last word."""

    new: float
    instead_of: float


@dataclass(frozen=True, slots=True)
class Decisions:
    """`everything` names the side all transactions go to, `by` what put it there.

    `draining` names the run of the proxy that takes no new sessions: the next run takes them again. `reads` counts how
    often all processes were told to read the configuration; `serial` is that of the last one the portal signed.
    `released` counts for each side how often what is unknown there was let go. `generation` is the highest number that
    came with a command.
    """

    everything: Backend | None = None
    by: Literal["", "rollback", "drain", "unreadable"] = ""
    since: str = ""
    draining: str = ""
    weights: dict[str, Weight] = field(default_factory=dict)
    reads: int = 0
    serial: int = 0
    released: dict[str, int] = field(default_factory=dict)
    generation: int = 0

    def weight_of(self, rule: str, configured: float) -> float:
        weight = self.weights.get(rule)
        return weight.new if weight and weight.instead_of == configured else configured


class Standing:
    """`turn` changes with every decision, of whichever process."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE
        self._map = map_file(folder / TURN, SIZE)
        self._words = memoryview(self._map).cast("Q")

    @property
    def turn(self) -> int:
        return self._words[TURNS]

    def read(self) -> Decisions:
        """What cannot be read sends everything to the old side: that is where mail went before there was a proxy."""
        try:
            found = _decisions(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            found = Decisions()
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            found = Decisions(everything="old", by="unreadable")
        return replace(found, everything="old", by="rollback") if self._words[ROLLED_BACK] else found

    def decide(self, change: Callable[[Decisions], Decisions]) -> Decisions:
        """Makes it count, then makes it durable; one at a time across processes.

        Raises OSError when it cannot be written. A rollback counts all the same, until it is lifted.
        """
        with self._alone():
            before = self.read()
            made = change(before)
            if (made.everything, made.draining) != (before.everything, before.draining):
                made = replace(made, since=datetime.now(UTC).isoformat(timespec="seconds"))
            if made.by == "rollback":
                self._say(rolled_back=True)
            self._write(made)
            self._say(rolled_back=made.by == "rollback")
            self._make_durable()
        return made

    def _say(self, *, rolled_back: bool) -> None:
        self._words[ROLLED_BACK] = rolled_back
        self._words[TURNS] += 1

    def _write(self, decisions: Decisions) -> None:
        draft = self.path.with_name(f".{FILE}")
        draft.write_text(json.dumps(asdict(decisions), indent=1, sort_keys=True), encoding="utf-8")
        draft.replace(self.path)

    def _make_durable(self) -> None:
        self._map.flush()
        for path in (self.path, self.path.parent):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self.path.with_name(TURN).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def close(self) -> None:
        self._words.release()
        self._map.close()


def _decisions(said: dict[str, Any]) -> Decisions:
    """Raises TypeError, KeyError or ValueError for what no proxy wrote."""
    if said["everything"] not in {None, "old", "new"}:
        raise ValueError("names no side")
    weights = {rule: Weight(float(one["new"]), float(one["instead_of"])) for rule, one in said["weights"].items()}
    counts = {"reads": int(said["reads"]), "serial": int(said["serial"])}
    released = {side: int(count) for side, count in said.get("released", {}).items()}
    return Decisions(**{**said, **counts, "weights": weights, "released": released})


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


def release_side(side: Backend) -> Callable[[Decisions], Decisions]:
    """Retries of what is unknown there by now go where the split says."""
    return lambda before: replace(before, released={**before.released, side: before.released.get(side, 0) + 1})


def set_weights(weights: dict[str, Weight]) -> Callable[[Decisions], Decisions]:
    """Setting a weight is the way back from a rollback as well."""
    return lambda decisions: replace(resume(decisions), weights={**decisions.weights, **weights})


def read_again(decisions: Decisions) -> Decisions:
    return replace(decisions, reads=decisions.reads + 1)


def take_serial(serial: int) -> Callable[[Decisions], Decisions]:
    return lambda decisions: replace(decisions, serial=serial)
