from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from engagements.models import Engagement


def today_of(engagement: Engagement) -> date:
    """The day it is at the customer. Dates of the schedule must not depend on who clicks from where."""
    return day_of(engagement, timezone.now())


def day_of(engagement: Engagement, moment: datetime) -> date:
    """The day it was at the customer: days without an hour stand beside those of the schedule."""
    return timezone.localdate(moment, timezone=ZoneInfo(engagement.organization.time_zone))
