from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from discovery.models import Component
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.mark_stale import mark_stale
from engagements.steps import OVER

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """What is known of a component; `kind` and `source` are values of Component.Kind and Component.Source."""

    kind: str
    name: str
    host_label: str = ""
    owner: str = ""
    language: str = ""
    line_count: int | None = None
    source: str = Component.Source.UNKNOWN
    note: str = ""


@transaction.atomic
def add_component(engagement: Engagement, *, facts: ComponentFacts, actor: User) -> Component:
    """Enter a milter or script that no upload shows. Raises DomainError for a name that stands there already."""
    engagement = lock_for_components(engagement.pk, actor=actor)
    component = enter_component(engagement, facts=facts, actor=actor)
    mark_stale(engagement, actor=actor)
    return component


def lock_for_components(engagement_id: int, *, actor: User) -> Engagement:
    """The engagement under its lock, for somebody who may add to its inventory. Raises Refused or DomainError."""
    engagement = lock_engagement(engagement_id)
    require(actor, Permission.UPLOAD, engagement.organization)
    if engagement.phase in OVER:
        raise DomainError(f"This engagement is at “{engagement.get_phase_display()}”: its inventory stays as it is.")
    return engagement


def enter_component(engagement: Engagement, *, facts: ComponentFacts, actor: User) -> Component:
    """One component, under the lock of its engagement; the caller compares with what is signed afterwards."""
    values = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(facts).items()}
    values["host_label"] = values["host_label"].lower()
    _refuse(engagement, values["kind"], values["source"], values["name"], values["host_label"])
    component = Component.objects.create(engagement=engagement, added_by=actor, added_at=timezone.now(), **values)
    record("component.added", subject=component, actor=actor, **values)
    return component


def _refuse(engagement: Engagement, kind: str, source: str, name: str, host_label: str) -> None:
    if kind not in Component.Kind.values or source not in Component.Source.values:
        raise DomainError("Choose what kind of component this is, and whether its source is available.")
    if not name:
        raise DomainError("Give the component a name.")
    if engagement.components.filter(name=name, host_label=host_label).exists():
        where = f" on {host_label}" if host_label else ""
        raise DomainError(f"{name}{where} stands in the inventory already.")
