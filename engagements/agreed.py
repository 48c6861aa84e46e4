"""What of an engagement was agreed. Loaded by EngagementsConfig.ready()."""

from collections.abc import Sequence

from accounts.models import Organization
from accounts.phases import register_phases
from engagements.models import Engagement


@register_phases
def phases_agreed(organization: Organization) -> Sequence[int]:
    """Every phase up to the last of the engagement that goes furthest; none without an engagement."""
    engagements = Engagement.objects.filter(organization=organization).only("is_plan_only")
    return range(1, 1 + max((engagement.last_phase for engagement in engagements), default=0))
