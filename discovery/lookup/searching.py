"""Asks tables in Postfix's order: every table for one key, then the next key (maps(3), mail_addr_find(3))."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

from discovery.lookup.answers import SLOW, Found, Step
from discovery.lookup.composed import Table
from discovery.lookup.keys import Key

SECONDS = 10.0


@dataclass(slots=True)
class Clock:
    """One deadline for all keys and tables of a lookup."""

    seconds: float = SECONDS
    ends: float = field(init=False)

    def __post_init__(self) -> None:
        """Start now."""
        self.ends = monotonic() + self.seconds

    @property
    def has_run_out(self) -> bool:
        return monotonic() > self.ends

    @property
    def told(self) -> Found:
        return Found(SLOW, note=f"The lookup was ended after {self.seconds:.0f} seconds; what is left was not tried.")


@dataclass(frozen=True, slots=True)
class Round:
    """One search: what was asked, every key in every table, and the step that decided.

    `opened` are the steps before it whose answer nobody can say from the upload.
    """

    subject: str
    parameter: str
    steps: tuple[Step, ...]
    file: str = ""
    line: int = 0

    @property
    def hit(self) -> Step | None:
        return next((step for step in self.steps if step.found.is_found), None)

    @property
    def opened(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.found.is_open)

    @property
    def value(self) -> str | None:
        return self.hit.found.value if self.hit else None


def search(tables: Sequence[Table], keys: Iterable[Key], clock: Clock) -> Iterator[Step]:
    """Every step up to the first hit.

    An answer that is open does not end the search: what comes after it decides where the open one turns out to be none.
    """
    for key in keys:
        for table in tables:
            if key.is_part and not table.is_fixed:
                continue
            found = clock.told if clock.has_run_out else table.find(key.text)
            yield Step(key.text, key.because, table.name, found)
            if found.is_found or clock.has_run_out:
                return
