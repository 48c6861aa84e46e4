"""What a customer's page of kept records shows: each class with its rows, for how long and why, what erasing does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import User
from core.record_classes import ENGAGEMENT_OVER, OWNER, Erasing, RecordClass, Whose, models_of, record_classes
from engagements.domain.run_retention import planned_at

if TYPE_CHECKING:
    from accounts.models import Organization
    from engagements.models import RetentionRound

FATES = {
    Erasing.DELETE: "Removed",
    Erasing.BLANK: "Stays without names and words",
    Erasing.REDACT: "Stays with names replaced",
    Erasing.KEEP: "Stays as it is",
}
_CLOCKS = {
    ENGAGEMENT_OVER: "after the engagement is over",
    "event__at": "after the act",
    "at": "after they were told",
    "created_at": "after it was written",
    "last_at": "after the last one failed",
    "finished_at": "after it ended",
    "expires_at": "after it expired",
    "last_seen_at": "after it was last used",
    "made_at": "after it was made",
}


@dataclass(frozen=True, slots=True)
class RecordRow:
    kind: RecordClass
    count: int

    @property
    def fate(self) -> str:
        return FATES[self.kind.erasing]

    @property
    def kept_for(self) -> str:
        if self.kind.retention.days is None:
            return "Until it is ended or erased" if self.kind.erasing == Erasing.DELETE else "No end is set"
        return f"{self.kind.retention.days} days {_CLOCKS[self.kind.retention.since]}"


def rows_of(organization: Organization) -> list[RecordRow]:
    """The classes of which the customer has something, and those of its people."""
    rows = [RecordRow(one, _count(one, organization)) for one in record_classes() if one.whose != Whose.PERSON]
    people = [RecordRow(one, _count_of_people(one, organization)) for one in record_classes() if one.people]
    known = {row.kind.key: row for row in (*people, *rows) if row.count}
    return [known[one.key] for one in record_classes() if one.key in known]


def _count(one: RecordClass, organization: Organization) -> int:
    lookups = [(model, one.models[model._meta.label]) for model in models_of(one)]
    return sum(
        model._base_manager.filter(**{lookup: organization.pk}).count()
        for model, lookup in lookups
        if lookup and lookup != OWNER
    )


def _count_of_people(one: RecordClass, organization: Organization) -> int:
    people = list(User.objects.filter(memberships__organization=organization).values_list("pk", flat=True))
    return sum(
        model._base_manager.filter(**{f"{one.people[model._meta.label]}__in": people}).count()
        for model in models_of(one)
        if model._meta.label in one.people
    )


@dataclass(frozen=True, slots=True)
class RoundRow:
    kind: RecordClass
    planned: int
    now: int  # had its time when the round was told, and is under no hold today


def round_rows(told: RetentionRound) -> list[RoundRow]:
    now = planned_at(told.told_at)
    return [
        RoundRow(one, told.planned.get(one.key, 0), now.get(one.key, 0))
        for one in record_classes()
        if told.planned.get(one.key) or now.get(one.key)
    ]
