from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from reports.models import Preview


def clear_previews() -> int:
    """Delete previews nobody needs any more. Returns how many there were."""
    old = Preview.objects.filter(made_at__lt=timezone.now() - timedelta(days=settings.PREVIEW_DAYS))
    count = old.count()
    old.delete()
    return count
