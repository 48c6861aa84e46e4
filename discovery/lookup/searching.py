"""Asks tables in Postfix's order: every table for one key, then the next key (maps(3), mail_addr_find(3))."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from discovery.lookup.answers import SLOW, Step
from discovery.lookup.clock import Clock, TimeOverError
from discovery.lookup.composed import Table
from discovery.lookup.keys import Key
from discovery.lookup.uses import Spot

MOST_OF_ROUND = 200
MOST_IN_ALL = 2000


@dataclass(frozen=True, slots=True)
class Round:
    """One search: what was asked, the keys in the tables, and the step that decided.

    `opened` are the steps before it whose answer nobody can say from the upload. `left_out` counts the steps that were
    taken and are not kept.
    """

    subject: str
    parameter: str
    steps: tuple[Step, ...]
    file: str = ""
    line: int = 0
    left_out: int = 0

    @property
    def hit(self) -> Step | None:
        return next((step for step in self.steps if step.found.is_found), None)

    @property
    def opened(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.found.is_open)

    @property
    def value(self) -> str | None:
        return self.hit.found.value if self.hit else None


@dataclass(slots=True)
class Keeper:
    """Keeps of all steps of a lookup as many as people read; `room` is what all rounds together may still take."""

    room: int = MOST_IN_ALL

    def keep(self, subject: str, spot: Spot, steps: Iterable[Step]) -> Round:
        """The first steps, and of the others those that decide: a hit, the first open one, one that took too long."""
        kept: list[Step] = []
        room, left_out, is_open = min(MOST_OF_ROUND, self.room), 0, False
        for step in steps:
            decides = step.found.is_found or step.found.outcome == SLOW or (step.found.is_open and not is_open)
            is_open = is_open or step.found.is_open
            if room > 0 or decides:
                kept.append(step)
            else:
                left_out += 1
            room -= not decides
        self.room -= len(kept)
        return Round(subject, spot.parameter, tuple(kept), spot.file, spot.line, left_out)


def search(tables: Sequence[Table], keys: Iterable[Key], clock: Clock) -> Iterator[Step]:
    """Every step up to the first hit.

    An answer that is open does not end the search: what comes after it decides where the open one turns out to be none.
    """
    key, name = Key("", ""), ""
    try:
        for key in keys:
            for table in tables:
                if key.is_part and not table.is_fixed:
                    continue
                name = table.name
                clock.check()
                found = table.find(key.text)
                yield Step(key.text, key.because, name, found)
                if found.is_found:
                    return
    except TimeOverError as over:
        yield Step(key.text, key.because, name, clock.told(str(over)))
