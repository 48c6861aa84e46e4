from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import DomainError
from reports.models import PublishedFigure
from reports.portfolio.book import definitions
from reports.portfolio.public import forget_public

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def publish_figure(key: str, *, actor: User) -> PublishedFigure:
    """Put a figure on the public page, or leave it there. It shows as soon as it has enough cases."""
    require(actor, Permission.MANAGE_PRACTICE, Organization.objects.consultancy())
    definition = definitions().get(key)
    if definition is None or not definition.is_public:
        raise DomainError("This figure is not among those that can be public.")
    by = {"published_at": timezone.now(), "published_by": actor}
    published, is_new = PublishedFigure.objects.get_or_create(key=key, defaults=by)
    if is_new:
        record("figure.published", subject=published, actor=actor, title=definition.label)
        transaction.on_commit(forget_public)
    return published


@transaction.atomic
def withdraw_figure(key: str, *, actor: User) -> None:
    """Take a figure off the public page. Does nothing for one that is not on it."""
    require(actor, Permission.MANAGE_PRACTICE, Organization.objects.consultancy())
    for published in PublishedFigure.objects.select_for_update().filter(key=key):
        said = definitions().get(key)
        record("figure.withdrawn", subject=published, actor=actor, title=said.label if said else key)
        published.delete()
        transaction.on_commit(forget_public)
