"""A place in the text of an expression, one letter for each byte."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from discovery.translation.kumomta.expressions.tree import UnequalError

DEEPEST = 60
MOST_REPEATS = 8  # of one part, one behind the other
TOO_DEEP = f"Its groups lie within each other more than {DEEPEST} deep, so it is not carried over."
UNFINISHED = "It ends in the middle of something, so Postfix leaves the line out."
TOO_OFTEN = f"It repeats one part more than {MOST_REPEATS} times over, so it is not carried over."


def check_repeats(count: int) -> None:
    """Raises UnequalError where repeats of repeats have gone too far."""
    if count > MOST_REPEATS:
        raise UnequalError(TOO_OFTEN)


@dataclass(slots=True)
class Cursor:
    text: str
    at: int = 0
    depth: int = 0

    @property
    def is_done(self) -> bool:
        return self.at >= len(self.text)

    @property
    def ahead(self) -> str:
        """The next letter, "" at the end."""
        return self.text[self.at : self.at + 1]

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Within one more group; raises UnequalError where that has gone too far."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnequalError(TOO_DEEP)
        yield
        self.depth -= 1

    def take(self) -> str:
        """The next letter, passed over; raises UnequalError at the end."""
        if self.is_done:
            raise UnequalError(UNFINISHED)
        self.at += 1
        return self.text[self.at - 1]

    def has(self, text: str) -> bool:
        """Pass over a text if it comes next."""
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Pass over what a pattern finds here."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found
