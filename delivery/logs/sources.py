"""A log to read, and what came of reading it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["journal", "postfix", "powermta", "kumomta"]
MOST_SAMPLES = 20


class LogUnreadable(Exception):  # noqa: N818 (it is a sentence for people)
    """A file cannot be opened at all; the text says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of one kind; `number` tells its rows in the tables from those of other files."""

    kind: Kind
    path: Path
    number: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A line that was not understood, and where it begins in the unpacked file; None where that is not known."""

    offset: int | None
    text: str


@dataclass(slots=True)
class Told:
    """What one file came to. `is_failing`: it is not empty, and nothing of it was understood."""

    source: Source
    read: int = 0
    not_understood: int = 0
    samples: list[Sample] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    is_failing: bool = False
    shortcoming: str = ""  # of the file as a whole
