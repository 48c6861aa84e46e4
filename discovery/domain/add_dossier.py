from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import DomainError
from core.numbering import next_number
from discovery.domain.lock_dossier import lock_for_dossiers
from discovery.models import Dossier
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from accounts.models import User
    from discovery.domain.lock_dossier import DossierFacts
    from engagements.models import Engagement


@transaction.atomic
def add_dossier(engagement: Engagement, *, facts: DossierFacts, host_label: str = "", actor: User) -> Dossier:
    """Open a dossier on something no upload shows. Raises DomainError for a name that stands there already."""
    engagement = lock_for_dossiers(engagement.pk, actor=actor)
    dossier = enter_dossier(engagement, facts=facts, host_label=host_label, actor=actor)
    mark_stale(engagement, actor=actor)
    return dossier


def enter_dossier(engagement: Engagement, *, facts: DossierFacts, host_label: str, actor: User) -> Dossier:
    """One dossier, under the lock of its engagement; the caller compares with what is signed afterwards."""
    values, host, now = facts.clean(), host_label.strip().lower(), timezone.now()
    if engagement.dossiers.filter(found_as="", name=values["name"], host_label=host).exists():
        where = f" on {host}" if host else ""
        raise DomainError(f"{values['name']}{where} stands in the inventory already.")
    dossier = Dossier.objects.create(
        engagement=engagement,
        number=next_number(engagement.dossiers.all()),
        host_label=host,
        added_by=actor,
        added_at=now,
        changed_by=actor,
        changed_at=now,
        **values,
    )
    record("dossier.added", subject=dossier, actor=actor, host_label=host, **values)
    return dossier
