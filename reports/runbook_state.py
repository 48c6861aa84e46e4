"""Where each runbook stands: what it would say now, its newest revision, who approved and read it, and its drills."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import yaml

from core.audit import digest_of
from core.components import Status, StatusKind
from core.counting import counted
from core.wording import day_text
from engagements.parties import party_name
from engagements.today import day_of, today_of
from reports.models import RunbookApproval, RunbookRevision
from reports.runbook_facts import facts_of
from reports.runbooks.book import FOLDER, runbooks
from reports.runbooks.filling import Filled, fill, is_needed
from reports.sheets.composing import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from accounts.models import User
    from engagements.models import Engagement
    from reports.runbooks.book import Runbook

NOTHING_TO_FILL = "There are no generated files for the chosen target yet, so no runbook can name anything."
PARTIES = tuple(RunbookApproval.Party)


@cache
def rules() -> dict[str, int]:
    read: dict[str, int] = yaml.safe_load((FOLDER / "rules.yaml").read_text(encoding="utf-8"))
    return read


@dataclass(frozen=True)
class RunbookState:
    """`revision` is the newest one, with its approvals, readings and drills; None before the first."""

    engagement: Engagement
    runbook: Runbook
    filled: Filled
    revision: RunbookRevision | None

    @cached_property
    def digest(self) -> str:
        return digest_of(self.filled.content)

    @property
    def is_current(self) -> bool:
        """Whether the newest revision says what it would say now."""
        return self.revision is not None and self.revision.digest == self.digest

    @cached_property
    def is_overdue(self) -> bool:
        """Whether the day by which the newest revision was to be reviewed is over at the customer."""
        return self.revision is not None and self.revision.is_overdue(today_of(self.engagement))

    @property
    def approved(self) -> dict[str, RunbookApproval]:
        return {one.party: one for one in self.revision.approvals.all()} if self.revision else {}

    @property
    def waits_for(self) -> list[str]:
        """The parties that have not approved it."""
        return [party for party in PARTIES if party not in self.approved]

    @property
    def readers(self) -> int:
        """How many people of the customer said that they read it."""
        readings = self.revision.readings.all() if self.revision else ()
        return sum(one.party == RunbookApproval.Party.CUSTOMER for one in readings)

    @property
    def may_be_drawn_up(self) -> bool:
        """Also unchanged, once its review is overdue: both sides then look at it again and approve it anew."""
        return not self.filled.reasons and (self.is_overdue or not self.is_current)

    @property
    def reasons(self) -> list[str]:
        """What still stands against it at gate 5, in sentences; empty where it holds."""
        name = self.runbook.name
        if self.revision is None:
            return [f"“{name}” is not drawn up yet.{_because(self.filled)}"]
        if not self.is_current:
            changed = f"“{name}”: what revision {self.revision.number} names has changed. Draw up a newer one."
            return [f"{changed}{_because(self.filled)}"]
        if self.is_overdue:
            since = day_text(self.revision.review_on)
            return [f"“{name}”: review overdue since {since}. Draw up a newer revision; both sides approve it anew."]
        organization = self.engagement.organization.name
        found = [
            f"“{name}”: {party_name(party, organization)} has not approved revision {self.revision.number}."
            for party in self.waits_for
        ]
        if self.readers < rules()["fewest_readers"]:
            found.append(
                f"“{name}”: nobody of {organization} has said of revision {self.revision.number} that they read it."
            )
        return found

    @property
    def status(self) -> Status:
        if self.revision is None:
            return Status(StatusKind.BLOCKED if self.filled.reasons else StatusKind.NOT_STARTED)
        if not self.is_current:
            return Status(StatusKind.PROBLEM, "Out of date")
        if self.is_overdue:
            return Status(StatusKind.PROBLEM, f"Review overdue since {day_text(self.revision.review_on)}")
        if self.waits_for:
            names = [party_name(party, self.engagement.organization.name) for party in self.waits_for]
            return Status(StatusKind.WAITING, party=" and ".join(names))
        if self.reasons:
            return Status(StatusKind.WAITING, "Approved, not read yet")
        return Status(StatusKind.COMPLETED, "In force")


def _because(filled: Filled) -> str:
    if not filled.missing:
        return ""
    return f" {counted(len(filled.missing), 'fact is', 'facts are')} not known yet."


def states_of(engagement: Engagement) -> list[RunbookState]:
    """Of every runbook this customer needs; none before there are generated files."""
    facts = facts_of(engagement)
    if facts is None:
        return []
    newest = newest_revisions(engagement)
    return [
        RunbookState(engagement, runbook, fill(runbook, facts), newest.get(runbook.key))
        for runbook in runbooks().values()
        if is_needed(runbook, facts)
    ]


def newest_revisions(engagement: Engagement) -> dict[str, RunbookRevision]:
    rows = RunbookRevision.objects.filter(engagement=engagement).order_by("number")
    rows = rows.prefetch_related("approvals__approved_by", "readings__read_by", "drills__noted_by")
    return {row.key: row for row in rows.select_related("drawn_up_by")}


def state_of(engagement: Engagement, key: str) -> RunbookState | None:
    """None for a runbook that nobody wrote, or that this customer has no use for."""
    return next((state for state in states_of(engagement) if state.runbook.key == key), None)


def missing_facts(states: Sequence[RunbookState]) -> list[str]:
    """The facts that any of them waits for, each once."""
    return list(dict.fromkeys(name for state in states for name in state.filled.missing))


def has_read(revision: RunbookRevision, person: User) -> bool:
    return any(one.read_by_id == person.pk for one in revision.readings.all())


def standing_of(revision: RunbookRevision) -> list[str]:
    """What stands on a copy: which revision it is, its digest, who approved it, and until when it holds.

    Days are those of the customer.
    """
    words = words_of(revision.content)

    def told(key: str, by: User, moment: datetime, **more: str) -> str:
        return words(f"runbook.{key}", by=by, day=words.day(day_of(revision.engagement, moment)), **more)

    approvals = [
        told("approved", one.approved_by, one.approved_at, party=words(f"runbook.party.{one.party}"))
        for one in revision.approvals.select_related("approved_by")
    ]
    return [
        f"{revision.content['organization']}, {revision.content['code']}",
        words("runbook.stands", number=revision.number, digest=revision.digest),
        told("drawn_up_by", revision.drawn_up_by, revision.drawn_up_at),
        *(approvals or [words("runbook.not_approved")]),
        words("runbook.to_review", day=words.day(revision.review_on)),
    ]


def heads_of(revision: RunbookRevision) -> Callable[[str], str]:
    """The words around a copy of it, by their keys."""
    words = words_of(revision.content)
    return lambda key: words(f"runbook.{key}")
