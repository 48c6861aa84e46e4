from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.permissions import Permission, require
from core.errors import Conflict, DomainError
from core.wording import distance_text, told
from discovery.dossiers.book import fields
from discovery.models import Dossier
from engagements.domain.lock_engagement import lock_engagement
from engagements.steps import OVER

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """What people state about a component; `kind` and `source` are values of Dossier.Kind and Dossier.Source."""

    kind: str
    name: str
    owner: str = ""
    language: str = ""
    line_count: int | None = None
    source: str = Dossier.Source.UNKNOWN
    inputs: str = ""
    outputs: str = ""
    feeds: str = ""
    schedule: str = ""
    breaks: str = ""
    replacement: str = ""
    note: str = ""

    def clean(self) -> dict[str, Any]:
        """The facts without blanks around them. Raises DomainError for a kind, source or name that is none."""
        values = {key: value.strip() if isinstance(value, str) else value for key, value in asdict(self).items()}
        if values["kind"] not in Dossier.Kind.values or values["source"] not in Dossier.Source.values:
            raise DomainError("Choose what kind of component this is, and whether its source is available.")
        if not values["name"]:
            raise DomainError("Give the component a name.")
        return values


def lock_for_dossiers(engagement_id: int, *, actor: User) -> Engagement:
    """The engagement under its lock, for somebody who may complete its dossiers. Raises Refused or DomainError."""
    engagement = lock_engagement(engagement_id)
    require(actor, Permission.UPLOAD, engagement.organization)
    if engagement.phase in OVER:
        raise DomainError(f"This engagement is at “{engagement.get_phase_display()}”: its inventory stays as it is.")
    return engagement


def lock_dossier(dossier: Dossier, *, actor: User, version: int) -> Dossier:
    """The dossier under its lock, as the writer saw it. Raises Conflict, with who and when, if it changed since."""
    engagement = lock_for_dossiers(dossier.engagement_id, actor=actor)
    locked = Dossier.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=dossier.pk)
    locked.engagement = engagement
    if locked.version != version:
        moment = f"{distance_text(locked.changed_at, timezone.now())}, on {told(locked.changed_at)}"
        raise Conflict(f"{locked.changed_by} changed {locked.reference} {moment}. Nothing of yours is lost.")
    return locked


def change_dossier(dossier: Dossier, values: dict[str, Any], *, actor: User) -> list[dict[str, str]]:
    """Save what differs; the answer are the changes as {"field", "was", "now"}, in the order of the fields."""
    changes = []
    for key, value in values.items():
        was = getattr(dossier, key)
        if was != value:
            changes.append({"field": label_of(key), "was": _shown(was), "now": _shown(value)})
            setattr(dossier, key, value)
    if changes:
        dossier.version += 1
        dossier.changed_by, dossier.changed_at = actor, timezone.now()
        dossier.save(update_fields=[*values, "version", "changed_by", "changed_at"])
    return changes


def label_of(key: str) -> str:
    return next((field.label for field in fields() if field.key == key), key.capitalize())


def _shown(value: str | int | None) -> str:
    return "" if value is None else str(value)
