"""What an organization's endpoints can be told, and what holds for them. Both stand in data files beside this."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from accounts.domain.give_membership import roles_of
from accounts.models import Organization
from accounts.permissions import ROLE_PERMISSIONS, Permission
from engagements.records import events_told_to, tells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from core.models import AuditEvent
    from engagements.models import Engagement

TEST = "ping"


@dataclass(frozen=True, slots=True)
class EventKind:
    """`when` narrows an action by what its entry says; `by` are the words of the route that tells the rest."""

    key: str
    title: str
    group: str
    actions: list[str]
    read: str
    when: Mapping[str, list[str]] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    by: Mapping[str, str] = field(default_factory=dict)
    number: bool = False
    code: bool = True

    def tells_of(self, event: AuditEvent) -> bool:
        return event.action in self.actions and all(
            event.data.get(name) in values for name, values in self.when.items()
        )


@dataclass(frozen=True, slots=True)
class Rules:
    at_most: int
    disable_days: int
    both_hours: int
    batch: int


@cache
def event_kinds() -> dict[str, EventKind]:
    """By key, in the order of the file."""
    found = [EventKind(group=block["group"], **kind) for block in _read("kinds.yaml") for kind in block["kinds"]]
    return {kind.key: kind for kind in found}


@cache
def rules() -> Rules:
    return Rules(**_read("rules.yaml"))


def _read(name: str) -> Any:
    return yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def actions_told() -> set[str]:
    return {action for kind in event_kinds().values() for action in kind.actions}


def kind_of(event: AuditEvent) -> EventKind | None:
    return next((kind for kind in event_kinds().values() if kind.tells_of(event)), None)


def kinds_for(organization: Organization) -> list[EventKind]:
    """Those of which somebody who may set an endpoint there is told anything."""
    held, is_of_practice = _readers(organization)
    return [
        kind
        for kind in event_kinds().values()
        if any(tells(action, held, is_of_practice=is_of_practice) for action in kind.actions)
    ]


def events_for(organization: Organization, engagement: Engagement) -> QuerySet[AuditEvent]:
    """The entries of the ledger that everybody reads who may set an endpoint there: no endpoint tells more."""
    held, is_of_practice = _readers(organization)
    return events_told_to(engagement, held, is_of_practice=is_of_practice).filter(action__in=actions_told())


def _readers(organization: Organization) -> tuple[frozenset[Permission], bool]:
    """What everybody has who may set one there, whatever their duties; and whether they are of the practice."""
    roles = [ROLE_PERMISSIONS[role] for role in roles_of(organization)]
    held = frozenset.intersection(*(role for role in roles if Permission.MANAGE_WEBHOOKS in role))
    return held, organization.kind == Organization.Kind.CONSULTANCY
