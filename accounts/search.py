"""One box for everything. Apps register what can be found in it in AppConfig.ready(), each in its `search.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accounts.models import User

SHORTEST, LONGEST = 2, 1000
MOST_HITS = 10  # of a group; whoever looks for more has a list with a filter
_SHORTEST_DIGEST = 7
_DIGEST = re.compile(rf"(?:sha-?256:)?([0-9a-f]{{{_SHORTEST_DIGEST},64}})")
_REFERENCE = re.compile(r"(?:[a-z]-)?([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, cleaned of what no database keeps."""

    text: str

    @classmethod
    def read(cls, typed: str) -> Asked:
        kept = typed.replace("\x00", " ").encode("utf-8", "replace").decode()
        return cls(" ".join(kept[:LONGEST].split()))

    @property
    def is_enough(self) -> bool:
        return len(self.text) >= SHORTEST or self.text.isdigit()

    @property
    def words(self) -> list[str]:
        return self.text.split()

    @property
    def number(self) -> int | None:
        """Of something that people cite with a number: "F-012", "12". None when it is no such thing."""
        found = _REFERENCE.fullmatch(self.text.lower())
        return int(found[1]) if found else None

    @property
    def digest(self) -> str:
        """The beginning of a SHA-256, as paper shows it in groups or a terminal in one piece; "" when it is none."""
        found = _DIGEST.fullmatch(self.text.lower().replace(" ", ""))
        return found[1] if found else ""

    @property
    def message_id(self) -> str:
        """Without its brackets; "" when it cannot be one."""
        plain = self.text.strip("<>")
        return plain if "@" in plain and " " not in plain else ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: what it is called, where it is, and what tells it from others like it."""

    title: str
    where: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    label: str
    hits: Sequence[Hit]
    is_cut: bool


class Find(Protocol):
    """At most MOST_HITS + 1 hits: the one too many says that there are more.

    The number of queries is the same whatever there is. Each begins with `visible_to(reader)` and keeps to what the
    page of a hit lets this reader see.
    """

    def __call__(self, reader: User, asked: Asked) -> Iterable[Hit]: ...


_sources: dict[str, tuple[str, Find]] = {}


def register_search(key: str, label: str, find: Find) -> None:
    """Add what an app can find. Groups stand in the order in which they are registered."""
    if key in _sources:
        raise ValueError(f"the search source {key} is registered twice")
    _sources[key] = (label, find)


def search(reader: User, asked: Asked) -> list[Group]:
    """What this reader may see of it, group by group; groups without a hit are left out."""
    if not asked.is_enough:
        return []
    groups = []
    for key, (label, find) in _sources.items():
        hits = list(find(reader, asked))
        if hits:
            groups.append(Group(key, label, hits[:MOST_HITS], is_cut=len(hits) > MOST_HITS))
    return groups
