"""Asks for the translation of what speaks for each host now. A job does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.errors import DomainError
from core.jobs import enqueue
from discovery.domain.receive_upload import lock_for_upload
from discovery.models import Upload
from discovery.reader import translator_digest
from discovery.translation.translating import EMITTERS
from discovery.translation_inputs import inputs_digest
from discovery.translation_queries import is_up_to_date, latest_sets

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Job
    from engagements.models import Engagement


@transaction.atomic
def make_translation(engagement: Engagement, *, actor: User) -> Job:
    """Have a set of each target made. Raises DomainError where nothing was read yet, or nothing would change."""
    engagement = lock_for_upload(engagement, actor=actor)
    if not Upload.objects.filter(engagement=engagement).current().exists():
        raise DomainError("No configuration has been read yet. Upload one; it is translated as soon as it was read.")
    sets = latest_sets(engagement, actor)
    if all(target in sets and is_up_to_date(sets[target]) for target in EMITTERS):
        raise DomainError("Uploads and dictionary are those of the latest translation: a new one would be the same.")
    return queue_translation(engagement, actor=actor)


def queue_translation(engagement: Engagement, *, actor: User) -> Job:
    """One job for the same uploads, dictionary and overrides. Called in the transaction that makes it necessary."""
    latest = Upload.objects.filter(engagement=engagement).current().order_by("-pk").values_list("pk", flat=True)[0]
    key = f"translation-{engagement.pk}-{latest}-{translator_digest()[:16]}-{inputs_digest(engagement)[:16]}"
    return enqueue("translate", subject=engagement, actor=actor, key=key)
