from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import record
from core.errors import Conflict, DomainError
from discovery.domain.lock_stream import lock_stream, refuse_name, save_stream
from discovery.models import Stream
from discovery.parts import part_key
from engagements.domain.mark_stale import mark_stale
from engagements.parts import refuse_held

if TYPE_CHECKING:
    from accounts.models import User


LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class StreamText:
    """What people say of a stream; `route` is one of Stream.Route, and a stream that stays says why."""

    name: str
    purpose: str = ""
    route: str = Stream.Route.UNDECIDED
    route_reason: str = ""


@transaction.atomic
def settle_stream(stream: Stream, *, actor: User, version: int, text: StreamText) -> Stream:
    """Confirm that the stream is one, under this name, and mark it migrate or stay. Raises Conflict like a review."""
    stream = lock_stream(stream, actor=actor, version=version)
    if stream.state == Stream.State.REMOVED:
        raise Conflict(f"{stream.reference} was removed. Bring it back first.")
    before = [stream.name, stream.purpose, stream.route, stream.route_reason]
    write_text(stream, text)
    save_stream(stream, actor=actor)
    now = [stream.name, stream.purpose, stream.route, stream.route_reason]
    record("stream.settled", subject=stream, actor=actor, route=stream.get_route_display().lower(), was=before, now=now)
    mark_stale(stream.engagement, actor=actor)
    return stream


def write_text(stream: Stream, text: StreamText) -> None:
    """Put the text on a stream, which is confirmed by that. Not saved here; raises DomainError for what cannot be."""
    name, reason = text.name.strip(), text.route_reason.strip()
    refuse_name(stream.engagement, name, besides=stream.pk)
    if text.route not in Stream.Route.values:
        raise DomainError("Say whether the stream migrates, stays on Postfix, or is not decided yet.")
    if len(reason) > LONGEST_TEXT or len(text.purpose) > LONGEST_TEXT:
        raise DomainError(f"What a stream carries, and why it stays, are told in at most {LONGEST_TEXT:,} characters.")
    if text.route == Stream.Route.STAY and not reason:
        raise DomainError("Say why this stream stays on Postfix.")
    if text.route == Stream.Route.MIGRATE and stream.route != Stream.Route.MIGRATE:
        refuse_held(stream.engagement, part_key(stream.number))
    stream.name, stream.purpose = name, text.purpose.strip()
    stream.route, stream.route_reason = text.route, reason
    stream.state = Stream.State.CONFIRMED
