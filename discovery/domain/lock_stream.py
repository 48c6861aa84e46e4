from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.permissions import Permission, require
from core.errors import Conflict, DomainError
from core.wording import told
from discovery.models import Stream
from engagements.domain.lock_engagement import lock_engagement
from engagements.steps import OVER

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

LONGEST_NAME = 120


def lock_for_streams(engagement_id: int, *, actor: User) -> Engagement:
    """The engagement under its lock, for somebody who may work on its streams. Raises Refused or DomainError."""
    engagement = lock_engagement(engagement_id)
    require(actor, Permission.REVIEW, engagement.organization)
    if engagement.phase in OVER:
        raise DomainError(f"This engagement is at “{engagement.get_phase_display()}”: its streams stay as they are.")
    return engagement


def lock_stream(stream: Stream, *, actor: User, version: int) -> Stream:
    """The stream under its lock, as it was on screen. Raises Conflict, with who and when, if it changed since."""
    engagement = lock_for_streams(stream.engagement_id, actor=actor)
    locked = Stream.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=stream.pk)
    locked.engagement = engagement
    if locked.version != version:
        raise Conflict(who_changed(locked))
    return locked


def who_changed(stream: Stream) -> str:
    """Who was first, in a sentence."""
    who = stream.changed_by or "Gatepost"
    return f"{who} changed {stream.reference} on {told(stream.changed_at)}: it is “{stream.name}” now."


def save_stream(stream: Stream, *, actor: User) -> None:
    """Save it as a new version, so that every page with the earlier text is out of date."""
    stream.version += 1
    stream.changed_by, stream.changed_at = actor, timezone.now()
    stream.save()


def refuse_name(engagement: Engagement, name: str, *, besides: int | None = None) -> None:
    """Raise DomainError for a name that is empty, too long, or taken by another stream, removed ones included."""
    if not name:
        raise DomainError("Give the stream a name.")
    if len(name) > LONGEST_NAME:
        raise DomainError(f"The name of a stream has at most {LONGEST_NAME} characters.")
    other = Stream.objects.filter(engagement=engagement, name__iexact=name).exclude(pk=besides or 0).first()
    if other:
        where = "was removed; bring it back instead" if other.state == Stream.State.REMOVED else "has this name already"
        raise DomainError(f"{other.reference} {where}. Every stream has a name of its own.")
