"""Questions to DNS and what came back, each kept with when and by whom it was answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

MOST_QUESTIONS = 400


class Found(StrEnum):
    """NONE: the name server says that there is nothing. UNKNOWN: nobody said anything that counts."""

    FOUND = "found"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """`values` are texts as they mean: a TXT record in one piece, an MX as `10 mail.example`; `why` says why not."""

    name: str
    kind: str
    found: Found
    values: tuple[str, ...] = ()
    why: str = ""
    asked_at: datetime | None = None


class Source(Protocol):
    """Somebody who answers. `label` names it in the evidence."""

    @property
    def label(self) -> str: ...

    def ask(self, name: str, kind: str) -> Answer: ...


def name_of(text: str) -> str:
    """The one form in which names are asked, stored and compared: DNS takes no notice of case (RFC 4343)."""
    return text.strip().rstrip(".").lower()


def question_of(name: str, kind: str) -> tuple[str, str]:
    return name_of(name), kind


class NotKnownError(Exception):
    """An answer that is needed did not come; the text is a sentence."""


@dataclass(slots=True)
class Desk:
    """Asks each question once and keeps every answer in the order they came."""

    source: Source
    clock: Callable[[], datetime]
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def ask(self, name: str, kind: str) -> Answer:
        key = question_of(name, kind)
        if key not in self.answers:
            self.answers[key] = self._fresh(*key)
        return self.answers[key]

    def _fresh(self, name: str, kind: str) -> Answer:
        if len(self.answers) >= MOST_QUESTIONS:
            return Answer(name, kind, Found.UNKNOWN, why=f"More than {MOST_QUESTIONS} questions are not asked at once.")
        answer = self.source.ask(name, kind)
        return Answer(name, kind, answer.found, answer.values, answer.why, self.clock())

    def values(self, name: str, kind: str) -> tuple[str, ...]:
        """The values, none where there are none. Raises NotKnownError."""
        answer = self.ask(name, kind)
        if answer.found is Found.UNKNOWN:
            raise NotKnownError(f"{kind} of {name} has no answer: {answer.why}")
        return answer.values

    def addresses(self, name: str) -> tuple[str, ...]:
        """IPv4 and IPv6 addresses. Raises NotKnownError."""
        return (*self.values(name, "A"), *self.values(name, "AAAA"))
