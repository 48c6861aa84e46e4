"""Which day it is: the customer's in what belongs to an engagement, the practice's over all of them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Organization
from discovery.domain.answer_selection import SelectionText, answer_selection
from discovery.scene import scene_of
from discovery.selection.method import all_methods
from discovery.selection_page import selection_as_answered, selection_of
from pricing.statistics import _outcomes
from tests.factories import discovery

pytestmark = pytest.mark.django_db

FIRST = all_methods()[0].valid_from
# The day has begun where the clock is ahead, and nowhere else.
HOUR_BEFORE = datetime.combine(FIRST, time(0), UTC) - timedelta(hours=1)
AHEAD, BEHIND = "Pacific/Kiritimati", "Etc/GMT+12"


def customer_in(zone, engagement):
    Organization.objects.filter(pk=engagement.organization_id).update(time_zone=zone)
    engagement.refresh_from_db()


def test_the_method_of_a_selection_is_that_of_the_customers_day_whoever_reads(engagement, carl, time_machine):
    time_machine.move_to(HOUR_BEFORE, tick=False)
    customer_in(AHEAD, engagement)

    with timezone.override(ZoneInfo(BEHIND)):
        answer_selection(engagement, variable="compliance", text=SelectionText("no"), actor=carl)
        found = selection_of(engagement, carl), selection_as_answered(engagement)

    assert [one.score.answered for one in found] == [1, 1]
    customer_in(BEHIND, engagement)
    with timezone.override(ZoneInfo(AHEAD)), pytest.raises(LookupError):
        selection_of(engagement, carl)


def test_statistics_count_by_the_method_of_the_practices_day(settings, time_machine):
    time_machine.move_to(HOUR_BEFORE, tick=False)
    practice = settings.CONSULTANCY

    settings.CONSULTANCY = practice | {"time_zone": AHEAD}
    with timezone.override(ZoneInfo(BEHIND)):
        counted = _outcomes()

    assert counted == []
    settings.CONSULTANCY = practice | {"time_zone": BEHIND}
    with timezone.override(ZoneInfo(AHEAD)), pytest.raises(LookupError):
        _outcomes()


def test_the_x_ray_counts_days_where_the_customer_is(engagement, ada, time_machine):
    customer_in(AHEAD, engagement)
    time_machine.move_to(datetime(2026, 11, 20, 23, tzinfo=UTC), tick=False)
    discovery.read(engagement, actor=ada)

    with timezone.override(ZoneInfo(BEHIND)):
        scene = scene_of(engagement)

    assert scene.today == datetime(2026, 11, 21, tzinfo=UTC).date()
    assert set(scene.read_on.values()) == {scene.today}
