"""When a revision is to be looked at again: what is past its day is not in force, and can be drawn up anew."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from core.errors import Conflict
from core.wording import day_text
from engagements.gates import checks_of
from reports.domain.approve_runbook import acknowledge_runbook, approve_runbook
from reports.domain.draw_up_runbooks import draw_up_runbooks
from reports.models import RunbookApproval, RunbookRevision
from reports.runbook_state import standing_of, state_of
from tests.factories.runbooks import draw_up

pytestmark = pytest.mark.django_db

KEY = "queue_drain"


def gate_5(engagement):
    [known] = [each for each in checks_of(5) if each.key == "runbooks_in_force"]
    return list(known.reasons(engagement))


def put_in_force(revisions, *, lead, customer):
    for revision in revisions:
        approve_runbook(revision, actor=lead)
        approve_runbook(revision, actor=customer)
        acknowledge_runbook(revision, actor=customer)


def last_minute_of(day, engagement):
    return datetime.combine(day, time(23, 59), ZoneInfo(engagement.organization.time_zone))


@pytest.fixture
def overdue(drawn, named, lea, carl, time_machine):
    """Every runbook in force, one minute after the day of the review at the customer."""
    put_in_force(drawn.values(), lead=lea, customer=carl)
    time_machine.move_to(last_minute_of(drawn[KEY].review_on, named) + timedelta(minutes=1), tick=False)
    return drawn[KEY]


def test_until_the_end_of_the_day_at_the_customer_it_is_in_force(drawn, named, lea, carl, time_machine):
    put_in_force(drawn.values(), lead=lea, customer=carl)
    time_machine.move_to(last_minute_of(drawn[KEY].review_on, named), tick=False)

    assert gate_5(named) == []
    assert state_of(named, KEY).status.text == "In force"


def test_after_it_the_review_is_overdue_and_stands_against_gate_5(overdue, named):
    since = day_text(overdue.review_on)

    reasons = gate_5(named)

    assert len(reasons) == 10
    assert f"“Drain a queue”: review overdue since {since}. Draw up a newer revision; both sides approve it anew." in (
        reasons
    )
    assert state_of(named, KEY).status.text == f"Review overdue since {since}"
    assert state_of(named, KEY).is_current


def test_the_list_and_the_page_say_since_when_the_review_is_overdue(overdue, named, client, ada):
    client.force_login(ada)
    said = f"Review overdue since {day_text(overdue.review_on)}"

    listed = client.get(reverse("runbooks:list", args=[named.code])).content.decode()
    page = client.get(reverse("runbooks:runbook", args=[named.code, KEY])).content.decode()

    assert listed.count(said) == 10
    assert "0 of 10 in force." in listed
    assert "Draw up runbooks" in listed
    assert said in page
    assert "I read revision 1" not in page


def test_what_is_overdue_is_approved_and_read_by_nobody_until_it_is_drawn_up_anew(overdue, named, ada, lea, vera):
    before = RunbookApproval.objects.count()
    for act, actor in ((approve_runbook, lea), (acknowledge_runbook, vera)):
        with pytest.raises(Conflict, match="is overdue since"):
            act(overdue, actor=actor)

    again = draw_up(named, actor=ada)

    assert len(again) == 10
    assert (again[KEY].number, again[KEY].digest) == (2, overdue.digest)
    assert again[KEY].review_on > overdue.review_on
    assert state_of(named, KEY).waits_for == ["consultancy", "customer"]
    assert RunbookApproval.objects.count() == before
    with pytest.raises(Conflict, match="Nothing was drawn up"):
        draw_up_runbooks(named, actor=ada)
    assert RunbookRevision.objects.filter(key=KEY).count() == 2


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tokyo", "Tue 5 May 2026"), ("America/Chicago", "Mon 4 May 2026")])
def test_copies_say_the_days_of_the_customer(named, ada, lea, time_machine, zone, day):
    named.organization.time_zone = zone
    named.organization.save()
    time_machine.move_to(datetime(2026, 5, 4, 20, tzinfo=UTC), tick=False)
    revision = draw_up(named, actor=ada)[KEY]
    approve_runbook(revision, actor=lea)

    lines = standing_of(revision)

    assert [line.rpartition(" on ")[2] for line in lines if line.startswith(("Drawn up", "Approved for"))] == [day, day]
