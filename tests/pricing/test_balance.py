"""Calls and hours of a plan alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.domain.make_service_user import make_service_user
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent
from engagements.domain.assign_team import assign_team
from engagements.today import today_of
from pricing.balance import amount_of, balances_of
from pricing.calculation.facts import Team
from pricing.domain.book_balance import Booking, book_balance, take_back_booking
from pricing.models import BalanceEntry
from tests.factories.pricing import MULTI_IP, make_accepted_quote

pytestmark = pytest.mark.django_db

QUESTIONS = Booking("questions", 90, date(2026, 5, 4), "Carl", "Which pools stay")
CALL = replace(QUESTIONS, kind="call", units=1)


@pytest.fixture
def plan_only(northlake, sam, carl, lea, ada):
    points = replace(MULTI_IP, team=Team.COULD_RUN)
    engagement = make_accepted_quote(northlake, actor=sam, signatory=carl, points=points).engagement
    assign_team(engagement, lead=lea, consultants=[ada], actor=lea)
    return engagement


def left(engagement):
    return [one.words for one in balances_of(engagement)]


def test_a_plan_alone_includes_two_calls_and_four_hours(plan_only):
    assert left(plan_only) == ["2 calls left of 2 calls", "4 h left of 4 h"]


def test_booking_takes_it_off_and_keeps_what_was_left(plan_only, ada):
    entry = book_balance(plan_only, actor=ada, booking=QUESTIONS)
    book_balance(plan_only, actor=ada, booking=CALL)

    assert left(plan_only) == ["1 call left of 2 calls", "2 h 30 min left of 4 h"]
    assert (entry.left, entry.booked_by) == (150, ada)
    assert AuditEvent.objects.filter(action="balance.booked").count() == 2


def test_more_than_is_left_is_refused_unless_it_is_on_the_practice(plan_only, ada):
    book_balance(plan_only, actor=ada, booking=replace(QUESTIONS, units=200))

    with pytest.raises(DomainError, match="40 min left, and this booking takes 1 h"):
        book_balance(plan_only, actor=ada, booking=replace(QUESTIONS, units=60))
    book_balance(plan_only, actor=ada, booking=replace(QUESTIONS, units=60, is_on_us=True))

    assert left(plan_only)[1] == "40 min left of 4 h"
    assert BalanceEntry.objects.count() == 2


def test_the_database_lets_nothing_go_below_zero_and_changes_no_entry(plan_only, ada):
    entry = book_balance(plan_only, actor=ada, booking=QUESTIONS)
    facts = {"kind": "questions", "units": 1, "on_day": entry.on_day, "with_whom": "x", "note": "x"}

    with pytest.raises(DatabaseError), transaction.atomic():
        BalanceEntry.objects.create(engagement=plan_only, left=-1, booked_by=ada, booked_at=entry.booked_at, **facts)
    with pytest.raises(DatabaseError), transaction.atomic():
        BalanceEntry.objects.update(units=1)

    assert BalanceEntry.objects.get().units == 90


def test_an_entry_is_taken_back_once_by_another(plan_only, ada):
    entry = book_balance(plan_only, actor=ada, booking=QUESTIONS)

    counter = take_back_booking(entry, actor=ada, reason="It was another customer's")

    assert (counter.units, counter.left, counter.undoes) == (-90, 240, entry)
    assert left(plan_only)[1] == "4 h left of 4 h"
    with pytest.raises(Conflict, match="taken back already"):
        take_back_booking(entry, actor=ada, reason="Again")
    with pytest.raises(DomainError, match="takes another one back"):
        take_back_booking(counter, actor=ada, reason="Again")
    assert BalanceEntry.objects.count() == 2


def test_what_was_on_the_practice_gives_nothing_back(plan_only, ada):
    entry = book_balance(plan_only, actor=ada, booking=replace(QUESTIONS, is_on_us=True))

    counter = take_back_booking(entry, actor=ada, reason="Typed twice")

    assert (entry.left, counter.left) == (240, 240)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"units": 0}, "whole number"),
        ({"units": -30}, "whole number"),
        ({"units": 2, "kind": "call"}, "by itself"),
        ({"note": " "}, "Say with whom"),
        ({"with_whom": ""}, "Say with whom"),
    ],
)
def test_an_odd_booking_is_refused(plan_only, ada, change, words):
    with pytest.raises(DomainError, match=words):
        book_balance(plan_only, actor=ada, booking=replace(QUESTIONS, **change))

    assert not BalanceEntry.objects.exists()


def test_what_lies_ahead_is_not_booked(plan_only, ada):
    with pytest.raises(DomainError, match="lies ahead"):
        book_balance(plan_only, actor=ada, booking=replace(QUESTIONS, on_day=today_of(plan_only) + timedelta(days=1)))

    assert not BalanceEntry.objects.exists()


@pytest.mark.parametrize("person", ["carl", "sam"])
def test_only_those_who_do_the_work_book(plan_only, person, request):
    with pytest.raises(Refused):
        book_balance(plan_only, actor=request.getfixturevalue(person), booking=QUESTIONS)

    assert not BalanceEntry.objects.exists()


def test_a_fee_for_execution_has_nothing_to_book(accepted, lea):
    with pytest.raises(Conflict, match="includes no calls or hours"):
        book_balance(accepted.engagement, actor=lea, booking=CALL)

    assert balances_of(accepted.engagement) == []


def test_the_customer_reads_what_is_left_and_only_the_practice_books(plan_only, ada, carl, client):
    url = reverse("pricing:balance", args=[plan_only.code])
    typed = {"kind": "questions", "minutes": "45", "on_day": "2026-05-04", "with_whom": "Carl", "note": "Pools"}
    client.force_login(ada)
    booked = client.post(url, typed)
    client.force_login(carl)
    page = client.get(url).content.decode()
    refused = client.post(url, typed)

    assert (booked.status_code, refused.status_code) == (302, 403)
    assert "3 h 15 min left of 4 h" in page
    assert "Book it" not in page
    assert BalanceEntry.objects.count() == 1


@pytest.mark.parametrize(("units", "words"), [(0, "0 h"), (45, "45 min"), (60, "1 h"), (210, "3 h 30 min")])
def test_minutes_are_said_in_hours(units, words):
    assert amount_of("questions", units) == words


def test_a_service_user_books_nothing_and_takes_nothing_back(plan_only, consultancy, olga, ada):
    robot = make_service_user(consultancy, name="Robot", role="lead", actor=olga).user
    entry = book_balance(plan_only, actor=ada, booking=CALL)

    with pytest.raises(Refused, match="You may not book calls or minutes: Robot is a service user, not a person"):
        book_balance(plan_only, actor=robot, booking=QUESTIONS)
    with pytest.raises(Refused, match="You may not take a booking back: Robot is a service user, not a person"):
        take_back_booking(entry, actor=robot, reason="It was another customer's")

    assert left(plan_only) == ["1 call left of 2 calls", "4 h left of 4 h"]
    assert list(BalanceEntry.objects.all()) == [entry]
