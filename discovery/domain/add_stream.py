from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.numbering import next_number
from discovery.domain.lock_stream import lock_for_streams
from discovery.domain.settle_stream import StreamText, write_text
from discovery.models import Stream
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def add_stream(engagement: Engagement, *, actor: User, text: StreamText) -> Stream:
    """Enter a stream that no upload shows, for example one that another program sends."""
    engagement = lock_for_streams(engagement.pk, actor=actor)
    number, now = next_number(Stream.objects.filter(engagement=engagement)), timezone.now()
    stream = Stream(engagement=engagement, number=number, created_at=now, changed_at=now, changed_by=actor)
    write_text(stream, text)
    stream.save()
    record("stream.added", subject=stream, actor=actor, route=stream.get_route_display().lower())
    mark_stale(engagement, actor=actor)
    return stream
