from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from core.audit import record


@transaction.atomic
def change_profile(user: User, *, changes: Mapping[str, object]) -> User:
    """Write what a person says of themselves. Name and title stand on documents, so the ledger keeps both versions."""
    user = User.objects.select_for_update().get(pk=user.pk)
    before = {field: getattr(user, field) for field, value in changes.items() if getattr(user, field) != value}
    if not before:
        return user
    for field in before:
        setattr(user, field, changes[field])
    user.save(update_fields=list(before))
    after = {field: changes[field] for field in before}
    record("profile.changed", subject=user, actor=user, before=before, after=after)
    return user
