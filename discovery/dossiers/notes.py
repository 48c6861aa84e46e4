"""What was read about one component, collected while its traces are followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discovery.dossiers.book import kind_by_traits, phrases

if TYPE_CHECKING:
    from discovery.estate import Row


SOURCE = "Source"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line tells about one field."""

    text: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A line that shows the component, and what it shows."""

    what: str
    file: str
    line: int


@dataclass(slots=True)
class Notes:
    """A component as the files show it. (host, found_as, name) is what it is recognised by in the next upload."""

    host: str
    found_as: str
    name: str
    kind: str
    title: str = ""
    read: dict[str, list[Reading]] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.host, self.found_as, self.name)

    def tell(self, key: str, text: str, row: Row) -> None:
        self.note(key, Reading(text, row.file, row.line))

    def note(self, key: str, reading: Reading) -> None:
        """Keep what a line says about a field; the same words of two lines are kept once."""
        said = self.read.setdefault(key, [])
        if reading.text and all(known.text != reading.text for known in said):
            said.append(reading)

    def show(self, what: str, file: str, line: int) -> None:
        seen = Evidence(what, file, line)
        if seen not in self.evidence:
            self.evidence.append(seen)

    def tell_source(self, script: Row) -> None:
        """What a program in the bundle tells by itself: its language, what it reads, calls and writes."""
        values = script.values
        self.tell("language", values["language"], script)
        self.tell("line_count", str(values["line_count"]), script)
        self.tell("source", "available", script)
        self.show(SOURCE, values["path"], 0)
        self.kind = kind_by_traits(values["kind"]) or self.kind
        for what, file, line, _text in values["evidence"]:
            direction = next(word for word in ("reads", "writes", "calls") if what in values[word])
            key = "inputs" if direction == "reads" else "outputs"
            self.note(key, Reading(phrases()[direction].format(what=what), file, line))


def for_service(text: str, service: str) -> str:
    return text + phrases()["service"].format(name=service) if service else text
