"""Every act on an engagement locks its row first; gates, tasks and documents after it."""

from core.errors import Conflict
from engagements.models import Engagement
from engagements.steps import OVER


def lock_engagement(pk: int) -> Engagement:
    """The engagement with its organization, locked until the caller's transaction ends."""
    engagement: Engagement = (
        Engagement.objects.select_for_update(of=("self",)).select_related("organization").get(pk=pk)
    )
    return engagement


def lock_living(pk: int) -> Engagement:
    """The same; raises Conflict when the engagement is over and its records stay as they are."""
    engagement = lock_engagement(pk)
    refuse_ended(engagement)
    return engagement


def refuse_ended(engagement: Engagement) -> None:
    if engagement.phase in OVER:
        raise Conflict(
            f"{engagement.code} is at “{engagement.get_phase_display()}”: its records stay as they are. "
            "Ask the lead to open a new engagement if work goes on."
        )


def refuse_at_rest(engagement: Engagement) -> None:
    """Nothing is put up, signed or sent back while an engagement is held, or after its end."""
    refuse_ended(engagement)
    if engagement.phase == Engagement.Phase.ON_HOLD:
        raise Conflict(f"{engagement.code} is on hold. It has to be resumed first; nothing was signed or changed.")
