from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import AccessToken

EVERY = timedelta(minutes=1)


def note_token_use(token: AccessToken) -> None:
    """Remember when a token was used last, to the minute: a busy program writes once, not at every request."""
    now = timezone.now()
    rows = AccessToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=now - EVERY), pk=token.pk)
    rows.update(last_used_at=now)
