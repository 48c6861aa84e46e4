"""On Mondays a person is told how much changed where they may look, once, and nothing of a quiet week."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from core.models import AuditEvent, MailMute, OutboxMessage
from engagements.domain.ask_question import ask_question
from engagements.domain.perform import perform
from engagements.domain.tell_changes import changes_for, tell_changes

pytestmark = pytest.mark.django_db


def monday_after(moment, hour):
    """The Monday that follows, at that hour of the universal day."""
    day = (moment + timedelta(days=7 - moment.weekday())).date()
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)


@pytest.fixture
def week(engagement, carl, lea):
    """Carl asked something; everybody lives where the day is the universal one."""
    User.objects.update(time_zone="UTC")
    ask_question(engagement, actor=carl, text="Which pool carries 192.0.2.10?", is_blocking=False)


@pytest.fixture
def running(engagement, week, carl, open_gates):
    perform("start_discovery", engagement=engagement, actor=carl)
    engagement.refresh_from_db()
    return monday_after(timezone.now(), 9)


def told():
    return set(OutboxMessage.objects.filter(kind="what_changed").values_list("address", flat=True))


def test_each_is_told_once_of_what_others_did(running, lea, ada, carl, otto, ugo, olga):
    first = tell_changes(now=running)
    again = tell_changes(now=running + timedelta(hours=3))

    assert told() == {lea.email, ada.email, carl.email}
    assert (first, again) == (3, 0)
    assert "question" not in OutboxMessage.objects.get(kind="what_changed", recipient=carl).text


def test_the_mail_holds_counts_and_links_and_no_words_of_anybody(running, lea, engagement):
    tell_changes(now=running)

    mail = OutboxMessage.objects.get(kind="what_changed", recipient=lea)
    assert f"{engagement.code} Northlake Logistics" in mail.text
    assert "question 1" in mail.text
    assert "192.0.2.10" not in mail.text
    assert f"/engagements/{engagement.code}/history/" in mail.text
    assert "/people/profile/mail/" in mail.text


def test_no_day_but_monday_and_no_hour_before_eight(running):
    assert tell_changes(now=running + timedelta(days=1)) == 0
    assert tell_changes(now=running.replace(hour=7)) == 0
    assert told() == set()


def test_it_is_monday_where_the_person_is(running, lea, ada):
    User.objects.filter(pk=ada.pk).update(time_zone="Pacific/Auckland")

    tell_changes(now=running - timedelta(hours=11))

    assert told() == {ada.email}


def test_a_quiet_week_is_not_told(running):
    tell_changes(now=running)
    before = OutboxMessage.objects.count()

    assert tell_changes(now=running + timedelta(days=14)) == 0
    assert OutboxMessage.objects.count() == before


def test_whoever_switched_it_off_gets_none_and_the_others_do(running, lea, ada):
    MailMute.objects.create(person=lea, kind="what_changed")

    tell_changes(now=running)

    assert lea.email not in told()
    assert ada.email in told()


def test_only_what_somebody_may_see_is_counted(running, engagement, sam, vera, otto):
    since, until = running - timedelta(days=7), running

    seen = changes_for(User.objects.get(pk=vera.pk), since=since, until=until)

    assert [one.engagement for one in seen] == [engagement]
    assert changes_for(User.objects.get(pk=otto.pk), since=since, until=until) == []
    assert changes_for(User.objects.get(pk=sam.pk), since=since, until=until) == []
    assert AuditEvent.objects.filter(chain=engagement.audit_chain).exists()
