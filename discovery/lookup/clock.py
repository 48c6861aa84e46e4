"""The time one lookup may take, whatever it is asked of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar

from discovery.lookup.answers import SLOW, Found, Step

SECONDS = 10.0
Item = TypeVar("Item")


class TimeOverError(Exception):
    """The lookup has had its time; the text says how far it came, "" where nothing was counted."""


@dataclass(slots=True)
class Clock:
    """One deadline for all keys, tables and lists of a lookup. `now` gives seconds from wherever one likes."""

    seconds: float = SECONDS
    now: Callable[[], float] = monotonic
    ends: float = field(init=False)

    def __post_init__(self) -> None:
        """Start now."""
        self.ends = self.now() + self.seconds

    @property
    def left(self) -> float:
        return max(0.0, self.ends - self.now())

    @property
    def has_run_out(self) -> bool:
        return self.now() > self.ends

    def check(self) -> None:
        """Raise TimeOverError once the time is over."""
        if self.has_run_out:
            raise TimeOverError

    def watch(self, items: Iterable[Item], counted: str = "") -> Iterator[Item]:
        """The items as long as there is time. `counted` says of the number that came before what became of them.

        Raises TimeOverError.
        """
        for count, item in enumerate(items):
            if self.has_run_out:
                raise TimeOverError(f"{count:,} {counted}" if counted else "")
            yield item

    def told(self, how_far: str = "") -> Found:
        """That nobody knows what the rest would have said."""
        when = f" when {how_far}" if how_far else ""
        note = f"The lookup was ended after {self.seconds:.0f} seconds{when}; what is left was not tried."
        return Found(SLOW, note=note)

    def ended(self, key: str, table: str, how_far: str = "") -> Step:
        """The last step of a search that was cut off."""
        return Step(key, "the end of the time", table, self.told(how_far))
