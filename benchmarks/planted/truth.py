"""What was planted, in the words of the report."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Key = tuple[str, str]


@dataclass
class Truth:
    """Keys are (Message-ID, recipient); `causes` has those of each cause by its name."""

    messages: int = 0
    recipients: int = 0
    missing: set[Key] = field(default_factory=set)
    duplicate: set[Key] = field(default_factory=set)
    ambiguous: set[Key] = field(default_factory=set)
    late: set[Key] = field(default_factory=set)
    in_flight: set[Key] = field(default_factory=set)
    out_of_window: set[Key] = field(default_factory=set)
    causes: defaultdict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class Planted:
    """The files of each kind, and the truth about them."""

    truth: Truth
    files: dict[str, list[Path]]

    def words(self) -> list[str]:
        """As the command line wants them."""
        return [word for kind, paths in self.files.items() for word in (f"--{kind}", *map(str, paths))]
