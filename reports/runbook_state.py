"""Where each runbook stands: what it would say now, its newest revision, who approved and read it, and its drills."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import yaml

from core.audit import digest_of
from core.components import Status, StatusKind
from core.counting import counted
from core.languages import LANGUAGES
from core.wording import day_text
from engagements.parties import party_name
from engagements.today import day_of, today_of
from reports.models import RunbookApproval, RunbookRevision
from reports.runbook_facts import facts_of
from reports.runbooks.book import FOLDER, runbooks
from reports.runbooks.filling import Filled, fill, is_needed
from reports.sheets.composing import language_in, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from accounts.models import User
    from engagements.models import Engagement
    from reports.runbooks.book import Runbook
    from reports.runbooks.filling import Facts

NOTHING_TO_FILL = "There are no generated files for the chosen target yet, so no runbook can name anything."
PARTIES = tuple(RunbookApproval.Party)


@cache
def rules() -> dict[str, int]:
    read: dict[str, int] = yaml.safe_load((FOLDER / "rules.yaml").read_text(encoding="utf-8"))
    return read


@dataclass(frozen=True)
class RunbookState:
    """`revision` is the newest one, with its approvals, readings and drills; None before the first.

    `filled` is what a newer one would say, `retold` the same in the language in which the newest was drawn up.
    """

    engagement: Engagement
    runbook: Runbook
    filled: Filled
    retold: Filled
    revision: RunbookRevision | None

    @cached_property
    def digest(self) -> str:
        return digest_of(self.filled.content)

    @cached_property
    def is_current(self) -> bool:
        """Whether the newest revision says what it would say now, in its own language."""
        if self.revision is None:
            return False
        # Those drawn up before there was a choice name no language.
        kept = {key for key in self.retold.content if key != "language" or key in self.revision.content}
        return self.revision.digest == digest_of({key: self.retold.content[key] for key in kept})

    @property
    def language(self) -> str:
        """Of the documents begun last, as it is called."""
        return LANGUAGES[language_in(self.filled.content)]

    @property
    def is_in_another_language(self) -> bool:
        """Whether the newest revision keeps another language than that of the documents begun last."""
        return self.revision is not None and language_in(self.revision.content) != language_in(self.filled.content)

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
    def may_be_approved(self) -> bool:
        return self.is_current and not self.is_overdue

    @property
    def readers(self) -> int:
        """How many people of the customer said that they read it."""
        readings = self.revision.readings.all() if self.revision else ()
        return sum(one.party == RunbookApproval.Party.CUSTOMER for one in readings)

    @property
    def may_be_drawn_up(self) -> bool:
        """Also unchanged, once its review is overdue or in another language: both sides then approve it anew."""
        return not self.filled.reasons and (self.is_overdue or not self.is_current or self.is_in_another_language)

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
    spoken = {language_in(one.content) for one in newest.values()} - {facts.language}
    others = {language: facts_of(engagement, language) for language in spoken}
    return [
        _state_of(engagement, runbook, newest.get(runbook.key), facts, others)
        for runbook in runbooks().values()
        if is_needed(runbook, facts)
    ]


def _state_of(
    engagement: Engagement,
    runbook: Runbook,
    newest: RunbookRevision | None,
    facts: Facts,
    others: Mapping[str, Facts | None],
) -> RunbookState:
    filled = fill(runbook, facts)
    spoken = others.get(language_in(newest.content)) if newest else None
    return RunbookState(engagement, runbook, filled, fill(runbook, spoken) if spoken else filled, newest)


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
    drawn_up_on = words.day(day_of(revision.engagement, revision.drawn_up_at))
    return [
        f"{revision.content['organization']}, {revision.content['code']}",
        words("runbook.stands", number=revision.number, digest=revision.digest),
        words("runbook.drawn_up_by", by=revision.drawn_up_by, day=drawn_up_on),
        *approvals_on(revision),
        words("runbook.to_review", day=words.day(revision.review_on)),
    ]


def approvals_on(revision: RunbookRevision) -> list[str]:
    """Who approved it and when, a line each, in its language; or that nobody has."""
    words = words_of(revision.content)
    lines = [
        words(
            "runbook.approved",
            party=words(f"runbook.party.{one.party}"),
            by=one.approved_by,
            day=words.day(day_of(revision.engagement, one.approved_at)),
        )
        for one in revision.approvals.select_related("approved_by")
    ]
    return lines or [words("runbook.not_approved")]


def heads_of(revision: RunbookRevision) -> Callable[[str], str]:
    """The words around a copy of it, by their keys."""
    words = words_of(revision.content)
    return lambda key: words(f"runbook.{key}")
