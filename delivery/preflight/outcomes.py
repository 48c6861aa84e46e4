from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """UNKNOWN is never shown as if it were PASSED."""

    PASSED = "passed"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check says of one subject. `asked` are the questions it rests on, as (name, kind)."""

    check: str
    subject: str
    state: State
    said: str
    asked: tuple[tuple[str, str], ...] = ()
