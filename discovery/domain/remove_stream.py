from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import record
from core.errors import Conflict
from discovery.domain.lock_stream import lock_stream, save_stream
from discovery.models import Stream
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def remove_stream(stream: Stream, *, actor: User, version: int) -> Stream:
    """Take a stream off the list: it is none. It stays off when later uploads propose it, and can be brought back."""
    stream = lock_stream(stream, actor=actor, version=version)
    if stream.state == Stream.State.REMOVED:
        raise Conflict(f"{stream.reference} is removed already.")
    was = [stream.state, stream.route, stream.route_reason]
    stream.state, stream.route, stream.route_reason = Stream.State.REMOVED, Stream.Route.UNDECIDED, ""
    save_stream(stream, actor=actor)
    record("stream.removed", subject=stream, actor=actor, was=was)
    mark_stale(stream.engagement, actor=actor)
    return stream


@transaction.atomic
def restore_stream(stream: Stream, *, actor: User, version: int) -> Stream:
    """Bring a removed stream back, without the mark it had."""
    stream = lock_stream(stream, actor=actor, version=version)
    if stream.state != Stream.State.REMOVED:
        raise Conflict(f"{stream.reference} is on the list already.")
    stream.state = Stream.State.PROPOSED if stream.key else Stream.State.CONFIRMED
    save_stream(stream, actor=actor)
    record("stream.restored", subject=stream, actor=actor)
    mark_stale(stream.engagement, actor=actor)
    return stream
