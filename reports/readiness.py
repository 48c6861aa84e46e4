"""What the document of a gate still lacks, and how its building goes: for the people who prepare it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.languages import LANGUAGES
from core.models import Job
from engagements.content import kind_for
from engagements.gates import CheckResult, results
from engagements.models import Gate
from engagements.parties import party_name
from reports.domain.choose_language import is_language_open
from reports.domain.request_freeze import is_outdated
from reports.job_kinds import latest_build
from reports.outline import PLAN
from reports.unfinished import unfinished

_WHAT_FREEZING_DOES = "document_frozen"


@dataclass(frozen=True, slots=True)
class Readiness:
    """`missing` and `why` are sentences: what it lacks, and what a new version would answer.

    `build` is the latest job that built the document, None before the first.
    """

    missing: list[str]
    why: list[str]
    build: Job | None
    can_freeze: bool
    next_version: int
    languages: Sequence[tuple[str, str]]


def readiness_of(gate: Gate, content: Mapping[str, Any], *, has_changed: bool) -> Readiness:
    """`content` is what the document says now."""
    current, found = gate.current_document, results(gate)
    return Readiness(
        missing=[*_missing(gate, found), *(unfinished(content) if kind_for(gate).value == PLAN else ())],
        why=[reason for result in found if result.check.key == _WHAT_FREEZING_DOES for reason in result.reasons],
        build=latest_build(gate),
        can_freeze=gate.state != Gate.State.LOCKED
        and (current is None or is_outdated(current, has_changed=has_changed)),
        next_version=(current.version if current else 0) + 1,
        languages=tuple(LANGUAGES.items()) if is_language_open(gate) else (),
    )


def _missing(gate: Gate, found: Sequence[CheckResult]) -> Iterator[str]:
    for result in found:
        if result.check.key != _WHAT_FREEZING_DOES and not result.holds:
            yield from result.reasons
    for task in gate.tasks.in_force().filter(done_at=None):
        yield f"Task of {party_name(task.party, gate.engagement.organization.name)}: {task.title}."
