"""Where each check of the pre-flight stands now: what the system knows, what people stated, and how old it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from core.components import Status, StatusKind
from core.wording import day_text
from delivery.models import DnsAnswer, PreflightRun, PreflightStatement
from delivery.preflight.answers import question_of
from delivery.preflight.book import load_book
from delivery.preflight.outcomes import Outcome, State
from delivery.preflight_facts import facts_of
from discovery.domain.check_translation import digest_of_files
from discovery.hard_stops import verdicts_of
from discovery.translation_evidence import newest_of
from engagements.models import SignOff
from engagements.parties import party_name

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from delivery.preflight.book import Item
    from discovery.hard_stops import HardStop, Verdict
    from discovery.models import TranslationSet
    from engagements.models import Engagement

GATE = 2
NO_FILES = "There are no generated files for the chosen target yet."


@dataclass(frozen=True)
class Files:
    """What the whole pre-flight is about: the newest set of the chosen target, and the round of questions about it.

    What several checks rest on is read once.
    `moment` is now, or when gate 2 was signed: what was fresh then stays what was signed.
    """

    engagement: Engagement
    translation: TranslationSet | None
    digest: str
    run: PreflightRun | None
    moment: datetime

    @cached_property
    def verdicts(self) -> list[tuple[HardStop, list[Verdict]]]:
        return verdicts_of(self.engagement)

    @cached_property
    def statements(self) -> dict[str, PreflightStatement]:
        """The latest of each check about these very files, unless it was withdrawn."""
        about = PreflightStatement.objects.filter(engagement=self.engagement, set_digest=self.digest)
        latest = {one.check_key: one for one in about.select_related("stated_by").order_by("pk")}
        return {key: one for key, one in latest.items() if not one.is_withdrawn}


@dataclass(frozen=True, slots=True)
class ItemState:
    item: Item
    files: Files
    outcomes: tuple[Outcome, ...]
    statement: PreflightStatement | None
    outdated: str = ""  # why nothing that was asked counts

    @property
    def translation(self) -> TranslationSet | None:
        return self.files.translation

    @property
    def set_digest(self) -> str:
        return self.files.digest

    @property
    def known(self) -> State:
        """What the system knows, without what people stated."""
        states = {outcome.state for outcome in self.outcomes}
        if State.PROBLEM in states:
            return State.PROBLEM
        if self.outdated or not states or State.UNKNOWN in states:
            return State.UNKNOWN
        return State.PASSED

    @property
    def is_stated(self) -> bool:
        """Whether a statement settles what the system does not."""
        return self.statement is not None and self.known in self.item.settles

    @property
    def holds(self) -> bool:
        return self.translation is not None and (self.known is State.PASSED or self.is_stated)

    @property
    def may_be_stated(self) -> bool:
        return self.translation is not None and self.known in self.item.settles

    @property
    def why_not_stated(self) -> str:
        if self.known is State.PASSED:
            return "The system knows that this holds; there is nothing to state."
        return "What was found is a fact. It has to be put right; a statement does not change it."

    @property
    def reasons(self) -> list[str]:
        """What is still missing, in sentences; empty where it holds."""
        if self.translation is None:
            return [NO_FILES]
        if self.holds:
            return []
        wanted = State.PROBLEM if self.known is State.PROBLEM else State.UNKNOWN
        said = [f"{one.subject}: {one.said}" for one in self.outcomes if one.state is wanted]
        return said or [self.outdated or f"Nobody has answered this yet. {self.item.task}"]

    @property
    def status(self) -> Status:
        if self.translation is None:
            return Status(StatusKind.BLOCKED)
        if self.known is State.PASSED:
            return Status(StatusKind.COMPLETED)
        if self.is_stated and self.statement is not None:
            return Status(StatusKind.COMPLETED, f"Stated by {self.statement.stated_by}")
        if self.known is State.PROBLEM:
            return Status(StatusKind.PROBLEM)
        if self.item.source == "person":
            return Status(
                StatusKind.WAITING, party=party_name(self.item.party, self.files.engagement.organization.name)
            )
        return Status(StatusKind.NOT_STARTED, "Not known")


def files_of(engagement: Engagement) -> Files:
    translation = newest_of(engagement.pk, engagement.target) if engagement.target else None
    digest = digest_of_files(translation) if translation else ""
    run = _run_about(engagement, digest)
    signed = SignOff.objects.filter(gate__engagement=engagement, gate__number=GATE, gate__state="signed").last()
    is_signed = signed is not None and (run is None or run.asked_at <= signed.signed_at)
    moment = signed.signed_at if signed is not None and is_signed else timezone.now()
    return Files(engagement, translation, digest, run, moment)


def _run_about(engagement: Engagement, digest: str) -> PreflightRun | None:
    """The latest round about these very files, or else the latest: a round about older files may end after it."""
    about = ExpressionWrapper(Q(set_digest=digest), output_field=BooleanField())
    return PreflightRun.objects.filter(engagement=engagement).order_by(about.desc(), "-number").first()


def state_of(engagement: Engagement, item: Item, files: Files | None = None) -> ItemState:
    files = files or files_of(engagement)
    statement = files.statements.get(item.key)
    if files.translation is None or item.source == "person":
        return ItemState(item, files, (), statement)
    if item.source == "fact":
        found = facts_of(item.key, files, files.translation)
        return ItemState(item, files, tuple(found), statement)
    return ItemState(item, files, *_asked(files, item, statement))


def states_of(engagement: Engagement) -> list[ItemState]:
    files = files_of(engagement)
    return [state_of(engagement, item, files) for item in load_book().items]


def _asked(
    files: Files, item: Item, statement: PreflightStatement | None
) -> tuple[tuple[Outcome, ...], PreflightStatement | None, str]:
    """What the last round says. Once the files have changed, or it has grown old, a tick is no tick any more."""
    run = files.run
    if run is None:
        return (), statement, "DNS has not been asked yet."
    outcomes = tuple(outcome_of(row) for row in run.outcomes if row["check"] == item.key)
    if run.set_digest != files.digest:
        return (), statement, f"The files have changed since DNS was asked on {day_text(run.asked_at)}. Ask anew."
    fresh = load_book().fresh_days
    if files.moment - run.asked_at > timedelta(days=fresh):
        return outcomes, statement, f"DNS was asked on {day_text(run.asked_at)}, more than {fresh} days ago. Ask anew."
    return outcomes, statement, ""


def outcome_of(row: dict[str, Any]) -> Outcome:
    asked = tuple((name, kind) for name, kind in row["asked"])
    return Outcome(row["check"], row["subject"], State(row["state"]), row["said"], asked)


def answers_to(state: ItemState, reader: User) -> list[DnsAnswer]:
    """What was asked for this check, in the order it was asked."""
    asked = {question_of(*question) for outcome in state.outcomes for question in outcome.asked}
    if not asked or state.files.run is None:
        return []
    visible = DnsAnswer.objects.visible_to(reader).filter(run=state.files.run).select_related("run")
    return [answer for answer in visible if question_of(answer.name, answer.kind) in asked]
