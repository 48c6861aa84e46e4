from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from engagements.models import Engagement


def today_of(engagement: Engagement) -> date:
    """The day it is at the customer. Dates of the schedule must not depend on who clicks from where."""
    return timezone.localdate(timezone=ZoneInfo(engagement.organization.time_zone))
