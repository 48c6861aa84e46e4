"""What a lookup says: each key that was tried, where, and what came of it. Frozen; `as_json` gives plain values."""

from dataclasses import dataclass
from typing import Any

FOUND = "found"
ABSENT = "absent"
ASKS = "asks"  # the answer lies outside the upload: a database, a server, the host itself
UNREAD = "unread"  # the table's text is not in the upload
SLOW = "slow"  # a pattern did not come to an end in time
FAILS = "fails"  # the table answers with an error

OPEN_OUTCOMES = frozenset({ASKS, UNREAD, SLOW, FAILS})


@dataclass(frozen=True, slots=True)
class Found:
    """One table's answer for one key; `file` and `line` are of the rule, or of the table where no rule fired."""

    outcome: str
    value: str = ""
    file: str = ""
    line: int = 0
    note: str = ""

    @property
    def is_found(self) -> bool:
        return self.outcome == FOUND

    @property
    def is_open(self) -> bool:
        """Whether nobody can say from the upload alone what Postfix would get here."""
        return self.outcome in OPEN_OUTCOMES


@dataclass(frozen=True, slots=True)
class Step:
    """One key in one table. `because` says what the key is, in words."""

    key: str
    because: str
    table: str
    found: Found

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "because": self.because,
            "table": self.table,
            "outcome": self.found.outcome,
            "value": self.found.value,
            "file": self.found.file,
            "line": self.found.line,
            "note": self.found.note,
        }


@dataclass(frozen=True, slots=True)
class Search:
    """One question: `subject` in the tables of `parameter`. `words` say what the outcome means."""

    parameter: str
    subject: str
    steps: tuple[Step, ...]
    words: str
    results: tuple[str, ...] = ()

    @property
    def fired(self) -> Step | None:
        """The step that gave the value, if any did."""
        return next((step for step in self.steps if step.found.is_found), None)

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """Steps before the answer whose outcome the upload cannot tell."""
        before = []
        for step in self.steps:
            if step.found.is_found:
                break
            if step.found.is_open:
                before.append(step)
        return tuple(before)

    def as_json(self) -> dict[str, Any]:
        fired = self.fired
        return {
            "parameter": self.parameter,
            "subject": self.subject,
            "steps": [step.as_json() for step in self.steps],
            "value": fired.found.value if fired else None,
            "file": fired.found.file if fired else "",
            "line": fired.found.line if fired else 0,
            "results": list(self.results),
            "words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that happens to one key under one parameter, question by question."""

    instance: str
    parameter: str
    key: str
    searches: tuple[Search, ...]
    verdict: str

    @property
    def is_certain(self) -> bool:
        """Whether the upload alone decides: no question before the answer was left open."""
        return not any(search.open_steps for search in self.searches)

    def as_json(self) -> dict[str, Any]:
        return {
            "instance": self.instance,
            "parameter": self.parameter,
            "key": self.key,
            "verdict": self.verdict,
            "certain": self.is_certain,
            "searches": [search.as_json() for search in self.searches],
        }
