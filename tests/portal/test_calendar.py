"""A person's calendar follows the dates of what they may see, by a link that only they have."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.calendar import calendar_of
from accounts.domain.link_calendar import link_calendar
from accounts.models import CalendarLink, User
from accounts.private_paths import mask_path
from core.models import AuditEvent
from delivery.models import Cutover
from engagements.models import Engagement, SchedulePhase
from reports.domain.plan_training import cancel_training
from reports.models import RunbookRevision, TrainingSession
from tests.core.test_calendar_entry import read
from tests.factories.portfolio import make_portfolio
from tests.factories.training import plan_session

pytestmark = pytest.mark.django_db


def events(content):
    """[{name: value}] of every event."""
    found = []
    for name, _, value in read(content):
        if (name, value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif found and name != "END":
            found[-1][name] = value
    return found


def of(person):
    """{what it is: event}, without the host of the portal."""
    dated = events(calendar_of(User.objects.get(pk=person.pk)))
    return {event["UID"].partition("@")[0]: event for event in dated}


def open_feed(token, **headers):
    return Client().get(reverse("calendars:feed", args=[token]), headers=headers)


def test_it_holds_gates_cutovers_training_and_reviews(world, carl):
    code = world.engagement.code
    session, revision = TrainingSession.objects.get(), RunbookRevision.objects.get(key="incident")
    phase = SchedulePhase.objects.get(engagement=world.engagement, number=2)

    found = of(carl)

    assert found[f"gate-{code}-2"]["DTSTART"] == f"{phase.planned_end:%Y%m%d}"
    assert found[f"training-{code}-1"]["DTSTART"] == f"{session.starts_at:%Y%m%dT%H%M%SZ}"
    assert found[f"training-{code}-1"]["DTEND"] == f"{session.starts_at + timedelta(minutes=90):%Y%m%dT%H%M%SZ}"
    assert found[f"review-{code}-incident"]["DTSTART"] == f"{revision.review_on:%Y%m%d}"
    assert found[f"cutover-{code}-1"]["SUMMARY"].startswith("Cutover planned")
    assert found[f"gate-{code}-2"]["URL"].endswith(f"/engagements/{code}/gates/2/")


def test_no_amount_and_nothing_of_a_configuration_stands_in_it(world, lea):
    content = calendar_of(lea).decode().replace("\r\n ", "")

    fee = f"{world.engagement.quotes.get().total.amount:.0f}"
    assert [word for word in ("$", "USD", fee, "192.0.2", "smtp_", "tagger", "@northlake") if word in content] == []
    assert "Northlake Logistics" in content


def test_a_gate_moves_with_its_phase_and_keeps_its_name(world, carl):
    code = world.engagement.code
    before = of(carl)[f"gate-{code}-3"]
    SchedulePhase.objects.filter(engagement=world.engagement, number=3).update(planned_end=date(2028, 2, 29))

    after = of(carl)[f"gate-{code}-3"]

    assert (after["DTSTART"], after["DTEND"]) == ("20280229", "20280301")
    assert after["UID"] == before["UID"]
    assert after["DTSTART"] != before["DTSTART"]


def test_a_cutover_that_is_done_shows_how_long_one_can_go_back(world, lea):
    cutover = Cutover.objects.get()
    done = timezone.now().replace(microsecond=0)
    Cutover.objects.filter(pk=cutover.pk).update(done_at=done, done_by=lea, window_days=30)

    open_window = of(lea)[f"cutover-{world.engagement.code}-1"]
    Cutover.objects.filter(pk=cutover.pk).update(closed_at=done + timedelta(days=3))
    closed = of(lea)[f"cutover-{world.engagement.code}-1"]

    assert open_window["SUMMARY"].startswith("Going back is possible")
    assert open_window["DTSTART"] == closed["DTSTART"] == f"{done:%Y%m%dT%H%M%SZ}"
    assert open_window["DTEND"] == f"{done + timedelta(days=30):%Y%m%dT%H%M%SZ}"
    assert closed["DTEND"] == f"{done + timedelta(days=3):%Y%m%dT%H%M%SZ}"


def test_a_cutover_that_fell_back_is_gone(world, lea):
    Cutover.objects.update(fallen_back_at=timezone.now(), fallen_back_by=lea)

    assert f"cutover-{world.engagement.code}-1" not in of(lea)


def test_a_cancelled_session_says_so(world, ada):
    session = plan_session(world.engagement, actor=ada, hours=48)
    cancel_training(session, reason="The trainer is ill.", actor=ada)

    found = of(ada)

    assert found[f"training-{world.engagement.code}-{session.number}"]["STATUS"] == "CANCELLED"
    assert found[f"training-{world.engagement.code}-1"]["STATUS"] == "CONFIRMED"


def test_everybody_follows_what_they_may_see(world, otto, ugo, sam, vera):
    code = world.engagement.code

    assert of(otto) == of(ugo) == {}
    assert {key.partition("-")[0] for key in of(sam)} == {"gate"}
    assert {key.partition("-")[0] for key in of(vera)} == {"gate", "cutover", "training", "review"}
    assert all(code in key for key in of(vera))


def test_an_engagement_that_is_over_has_no_dates(engagement, carl, world, lea):
    Engagement.objects.filter(pk=world.engagement.pk).update(phase="cancelled")

    assert of(lea) == {}


def test_the_link_opens_the_dates_for_whoever_has_it(world, carl):
    token = link_calendar(carl)

    answer = open_feed(token)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.content == calendar_of(User.objects.get(pk=carl.pk))
    assert "private" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer
    assert CalendarLink.objects.get(person=carl).fetched_on == timezone.now().date()


def test_an_unchanged_calendar_is_not_sent_again_and_a_changed_one_is(world, carl):
    token = link_calendar(carl)
    tag = open_feed(token)["ETag"]

    same = open_feed(token, if_none_match=tag)
    SchedulePhase.objects.filter(engagement=world.engagement, number=3).update(planned_end=date(2028, 2, 29))
    changed = open_feed(token, if_none_match=tag)

    assert (same.status_code, same.content) == (304, b"")
    assert (changed.status_code, changed["ETag"] != tag) == (200, True)


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "..", "é"])
def test_a_link_that_is_none_opens_nothing(carl, token):
    link_calendar(carl)

    answer = Client().get(f"/calendars/{token}.ics")

    assert answer.status_code == 404


def test_a_new_link_ends_the_old_one_and_the_ledger_knows(carl):
    old = link_calendar(carl)
    new = link_calendar(carl)

    assert (open_feed(old).status_code, open_feed(new).status_code) == (404, 200)
    assert AuditEvent.objects.filter(action="calendar.linked").count() == 2
    assert not AuditEvent.objects.filter(data__icontains=new).exists()


def test_an_ended_link_opens_nothing(client, carl):
    token = link_calendar(carl)
    client.force_login(carl)

    client.post(reverse("accounts:calendar_end"))
    client.post(reverse("accounts:calendar_end"))

    assert open_feed(token).status_code == 404
    assert AuditEvent.objects.filter(action="calendar.unlinked").count() == 1


def test_whose_membership_or_account_ended_follows_nothing(world, vera):
    token = link_calendar(vera)
    vera.memberships.all().delete()

    assert events(open_feed(token).content) == []
    User.objects.filter(pk=vera.pk).update(is_active=False)
    assert open_feed(token).status_code == 404


def test_staff_without_a_second_factor_follow_nothing(settings, world, lea):
    token = link_calendar(lea)
    settings.STAFF_SECOND_FACTOR_REQUIRED = True

    answer = open_feed(token)

    assert answer.status_code == 403
    assert b"BEGIN" not in answer.content


def test_the_text_of_the_link_is_shown_once_and_kept_nowhere(client, carl):
    client.force_login(carl)

    made = client.post(reverse("accounts:calendar"))
    again = client.get(reverse("accounts:calendar"))

    url = made.context["made"]
    assert url in made.content.decode()
    assert Client().get(url.partition("example")[2] if "example" in url else url).status_code == 200
    assert url not in again.content.decode()
    assert CalendarLink.objects.get().token_digest not in url


def test_no_log_keeps_the_link():
    assert mask_path("GET /calendars/AbC-12_3.ics") == "GET /calendars/..."
    assert mask_path("/people/profile/calendar/end/") == "/people/profile/calendar/end/"


def test_the_number_of_queries_does_not_grow_with_the_dates(world, lea, ada):
    def queries():
        reader = User.objects.get(pk=lea.pk)
        with CaptureQueriesContext(connection) as seen:
            calendar_of(reader)
        return len(seen)

    before = queries()
    for hours in (30, 40, 50):
        plan_session(world.engagement, actor=ada, hours=hours)

    assert queries() == before
    assert before <= 8


def test_the_number_of_queries_does_not_grow_with_the_engagements(olga, lea, sam):
    def queries():
        reader = User.objects.get(pk=olga.pk)
        with CaptureQueriesContext(connection) as seen:
            dates = events(calendar_of(reader))
        return len(seen), len(dates)

    make_portfolio(4, seed=9, lead=lea, sales=sam)
    few = queries()
    make_portfolio(20, seed=9, lead=lea, sales=sam, first=5)

    many = queries()

    assert few[0] == many[0]
    assert 0 < few[1] < many[1]


def test_a_gate_is_found_where_its_page_is(world, carl):
    code = world.engagement.code

    found = of(carl)

    addresses = [reverse("engagements:gate", args=[code, number]) for number in range(1, 6)]
    told = [found[f"gate-{code}-{number}"]["URL"] for number in range(1, 6)]
    assert told == [f"{settings.PORTAL_URL}{address}" for address in addresses]
