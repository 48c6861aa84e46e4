"""Streams that stay on Postfix by the plan, as every page says it that would move all mail, or take Postfix down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.models import Stream

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement


def staying_streams(engagement: Engagement, reader: User) -> list[Stream]:
    visible = Stream.objects.visible_to(reader).filter(engagement=engagement, route=Stream.Route.STAY)
    return list(visible.order_by("number"))
