from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import record
from core.errors import DomainError
from discovery.domain.lock_dossier import change_dossier, label_of, lock_dossier
from discovery.models import Dossier
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User
    from discovery.domain.lock_dossier import DossierFacts


@transaction.atomic
def complete_dossier(dossier: Dossier, *, actor: User, version: int, facts: DossierFacts) -> Dossier:
    """Write down what a person knows of a component. Raises Conflict when somebody else wrote since `version`."""
    dossier = lock_dossier(dossier, actor=actor, version=version)
    values = facts.clean()
    _refuse_namesake(dossier, values["name"])
    changes = change_dossier(dossier, values, actor=actor)
    if changes:
        named = ", ".join(change["field"].lower() for change in changes)
        record("dossier.completed", subject=dossier, actor=actor, named=named, changes=changes)
        mark_stale(dossier.engagement, actor=actor)
    return dossier


@transaction.atomic
def confirm_reading(dossier: Dossier, *, actor: User, version: int, keys: Collection[str]) -> Dossier:
    """Take over what the files say about some fields as stated by this person. Raises Conflict as above."""
    dossier = lock_dossier(dossier, actor=actor, version=version)
    chosen = [field.key for field in dossier.unconfirmed if field.key in keys]
    if not chosen:
        raise DomainError("Choose what is right among the fields that were read.")
    values = {key: _as_stated(dossier, key) for key in chosen}
    changes = change_dossier(dossier, values, actor=actor)
    named = ", ".join(label_of(key).lower() for key in chosen)
    record("dossier.confirmed", subject=dossier, actor=actor, named=named, changes=changes)
    mark_stale(dossier.engagement, actor=actor)
    return dossier


def _as_stated(dossier: Dossier, key: str) -> str | int:
    """What was read, in the shape and length of the column."""
    told = dossier.told(key)
    if key == "line_count":
        return int(told.partition(";")[0])
    if key == "source":
        return Dossier.Source.AVAILABLE
    return told[: Dossier.longest(key)]


def _refuse_namesake(dossier: Dossier, name: str) -> None:
    """Two hand-written dossiers of one host do not bear one name; those that files show may, as files do."""
    others = dossier.engagement.dossiers.filter(found_as="", name=name, host_label=dossier.host_label)
    if not dossier.is_found and others.exclude(pk=dossier.pk).exists():
        raise DomainError(f"Another dossier of this host is called {name} already.")
