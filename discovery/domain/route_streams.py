from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import record
from core.errors import Conflict, DomainError
from discovery.domain.lock_stream import lock_for_streams, save_stream, who_changed
from discovery.domain.settle_stream import StreamText, write_text
from discovery.models import Stream
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from accounts.models import User
    from engagements.models import Engagement


@transaction.atomic
def route_streams(
    engagement: Engagement, *, versions: Mapping[int, int], route: str, route_reason: str = "", actor: User
) -> list[Stream]:
    """Mark several streams at once, by number and the version that was on screen: all of them or, with reasons, none.

    Each is confirmed under the name it has.
    """
    engagement = lock_for_streams(engagement.pk, actor=actor)
    if not versions:
        raise DomainError("Select at least one stream first.")
    chosen = Stream.objects.filter(engagement=engagement, number__in=versions).kept()
    streams = list(chosen.select_for_update(of=("self",)).select_related("changed_by").order_by("number"))
    _refuse_what_moved(streams, versions)
    for stream in streams:
        stream.engagement = engagement
        was = [stream.route, stream.route_reason]
        write_text(stream, StreamText(stream.name, stream.purpose, route, route_reason))
        save_stream(stream, actor=actor)
        now = [stream.route, stream.route_reason]
        record(
            "stream.settled", subject=stream, actor=actor, route=stream.get_route_display().lower(), was=was, now=now
        )
    mark_stale(engagement, actor=actor)
    return streams


def _refuse_what_moved(streams: Collection[Stream], versions: Mapping[int, int]) -> None:
    if unknown := sorted(set(versions) - {stream.number for stream in streams}):
        numbers = ", ".join(f"S-{number:02}" for number in unknown[:10])
        raise DomainError(f"Nothing was marked. There is no such stream on the list: {numbers}.")
    if moved := [stream for stream in streams if stream.version != versions[stream.number]]:
        raise Conflict(*(who_changed(stream) for stream in moved))
