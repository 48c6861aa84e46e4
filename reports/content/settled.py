"""What is settled when a document is frozen and must not move afterwards: names, signers, questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.models import Duty, User
from accounts.permissions import people_with_duty
from engagements.content import OUT
from engagements.models import Gate, Question


def settled_content(gate: Gate) -> dict[str, Any]:
    """The frozen content while it is out for signature or signed; empty while the document is still being written."""
    if gate.state in OUT and gate.current_document is not None:
        content: dict[str, Any] = gate.current_document.snapshot
        return content
    return {}


def time_zone_of(gate: Gate, settled: dict[str, Any]) -> str:
    """Where the customer's clock is, by its IANA name."""
    return str(settled.get("time_zone") or gate.engagement.organization.time_zone)


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str


class People:
    """Names as the document calls people. Somebody who marries does not make a signed document stale."""

    def __init__(self, settled: dict[str, Any]) -> None:
        self._names = {person["id"]: person["name"] for person in settled.get("people", [])}

    def name_of(self, person: User | None) -> str:
        return "" if person is None else self._names.setdefault(person.pk, str(person))

    def named(self) -> tuple[Person, ...]:
        """Everybody the document names, in a stable order. Ask last."""
        return tuple(Person(number, self._names[number]) for number in sorted(self._names))


@dataclass(frozen=True, slots=True)
class Signer:
    name: str
    job_title: str


def signers_of(gate: Gate, settled: dict[str, Any]) -> Sequence[Any]:
    """Who has to sign, by name."""
    if "signers" in settled:
        return list(settled["signers"])
    people = people_with_duty(gate.engagement.organization, Duty.Kind.SIGN_PHASE, gate.number)
    rows = [Signer(person.full_name, person.job_title) for person in people]
    return sorted(rows, key=lambda row: (row.name, row.job_title))


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    number: int
    about: str
    text: str
    asked_by: str
    asked_at: datetime
    is_blocking: bool
    is_resolved: bool
    answers: Sequence[Answer] = field(default_factory=tuple)


def questions_of(gate: Gate, settled: dict[str, Any], people: People, since: date | None = None) -> Sequence[Any]:
    """Threads of the engagement in the order they were asked, with every answer; `since` leaves out earlier phases."""
    if "questions" in settled:
        return list(settled["questions"])
    rows = Question.objects.filter(engagement=gate.engagement_id, gate=None)  # comments stand beside the document
    if since:
        rows = rows.filter(asked_at__date__gte=since)
    rows = rows.select_related("asked_by").prefetch_related("replies__written_by").order_by("pk")
    return [_thread(row, people) for row in rows]


def _thread(row: Question, people: People) -> Thread:
    return Thread(
        number=row.pk,
        about=row.about,
        text=row.text,
        asked_by=people.name_of(row.asked_by),
        asked_at=row.asked_at,
        is_blocking=row.is_blocking,
        is_resolved=row.resolved_at is not None,
        answers=tuple(
            Answer(reply.text, people.name_of(reply.written_by), reply.written_at) for reply in row.replies.all()
        ),
    )
