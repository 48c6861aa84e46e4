from datetime import date, timedelta

import pytest

from delivery.gates import monitoring_has_lasted, parallel_has_run_its_minimum
from engagements import gates
from engagements.domain.make_schedule import make_schedule
from engagements.models import SchedulePhase
from engagements.schedule import PlannedPhase
from engagements.today import today_of
from tests.kept import kept


@kept
def planned(engagement, sam):
    start = date(2026, 5, 4)
    phases = [
        PlannedPhase(3, start, start + timedelta(days=20), minimum_weeks=2),
        PlannedPhase(5, start + timedelta(days=21), start + timedelta(days=34)),
    ]
    make_schedule(engagement, phases=phases, actor=sam)
    return engagement


@pytest.mark.django_db
def test_parallel_delivery_that_has_not_begun_is_said(planned):
    assert list(parallel_has_run_its_minimum(planned)) == ["Parallel delivery has not begun."]


@pytest.mark.django_db
@pytest.mark.parametrize(("days_ago", "is_over"), [(0, False), (13, False), (14, True), (40, True)])
def test_parallel_delivery_runs_its_minimum_to_the_day(planned, days_ago, is_over):
    began = today_of(planned) - timedelta(days=days_ago)
    SchedulePhase.objects.filter(engagement=planned, number=3).update(actual_start=began)

    assert (list(parallel_has_run_its_minimum(planned)) == []) is is_over


@pytest.mark.django_db
@pytest.mark.parametrize(("days_ago", "is_over"), [(13, False), (14, True)])
def test_monitoring_lasts_its_planned_days(planned, days_ago, is_over):
    began = today_of(planned) - timedelta(days=days_ago)
    SchedulePhase.objects.filter(engagement=planned, number=5).update(actual_start=began)

    assert (list(monitoring_has_lasted(planned)) == []) is is_over


def test_every_gate_is_claimed_by_an_app():
    assert gates.unclaimed_gates() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "leads_to"),
    [("rollback_drilled", "/parallel/"), ("triggers_decided", "/parallel/"), ("cases_closed", "/reconciliation/")],
)
def test_what_gate_3_sees_by_itself_leads_to_the_page_where_it_is_done(engagement, ada, carl, key, leads_to):
    gate = engagement.gates.get(number=3)
    (check,) = (known for known in gates.checks_of(3) if known.key == key)

    addresses = [check.page.url_for(person, gate) for person in (ada, carl)]

    assert all(address.endswith(leads_to) for address in addresses)
