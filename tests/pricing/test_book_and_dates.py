"""The dated data, the default plans, counts and clocks."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pricing.calculation.books import book_on, in_force
from pricing.calculation.clock import due_at, end_of_day
from pricing.calculation.counts import read_count
from pricing.calculation.facts import DataPoints
from pricing.calculation.plan import first_monday, plan_of

BOOK = book_on(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("key", "weeks", "minimum", "rollback", "monitoring"),
    [
        ("discovery", (2, 2), 0, 0, 0),
        ("standard", (6, 8), 2, 30, 30),
        ("multi_ip", (10, 14), 3, 30, 30),
        ("enterprise", (16, 24), 4, 60, 90),
    ],
)
def test_the_tiers_promise_what_is_published(key, weeks, minimum, rollback, monitoring):
    tier = BOOK.tier(key)

    assert tier.weeks == weeks
    assert (tier.minimum_parallel_weeks, tier.rollback_days, tier.monitoring_days) == (minimum, rollback, monitoring)


def test_the_standard_plan_is_the_published_one():
    start = date(2026, 11, 30)

    plan = plan_of(BOOK.tier("standard"), start)

    assert [((one.start - start).days // 7 + 1, (one.end - start).days // 7 + 1) for one in plan] == [
        (1, 2),
        (2, 4),
        (4, 6),
        (6, 7),
        (7, 11),  # work in weeks 7 and 8, then the days of the watch
    ]
    assert plan[2].minimum_weeks == 2


@pytest.mark.parametrize("key", ["standard", "multi_ip", "enterprise"])
def test_a_default_plan_keeps_the_tier_and_its_usual_parallel_share(key):
    tier = BOOK.tier(key)

    plan = plan_of(tier, date(2026, 11, 30))

    days = (plan[3].end - plan[0].start).days + 1
    parallel = (plan[2].end - plan[2].start).days + 1
    assert tier.weeks[0] <= tier.plan[5][1] <= tier.weeks[1]
    assert parallel >= tier.minimum_parallel_weeks * 7
    assert 0.30 <= parallel / days <= 0.50


@pytest.mark.parametrize("key", ["standard", "multi_ip", "enterprise"])
def test_phase_5_does_not_end_before_what_the_tier_promises_does(key):
    tier = BOOK.tier(key)

    plan = plan_of(tier, date(2026, 11, 30))

    full, watch = plan[2].end + timedelta(days=1), plan[4]
    assert watch.end >= full + timedelta(days=tier.rollback_days)
    assert (watch.end - watch.start).days + 1 >= tier.monitoring_days


def test_a_tier_that_is_the_plan_alone_has_its_two_weeks():
    (only,) = plan_of(BOOK.tier("discovery"), date(2026, 11, 30))

    assert (only.number, (only.end - only.start).days + 1) == (1, 14)


@pytest.mark.parametrize(
    ("day", "monday"), [(date(2026, 11, 22), 23), (date(2026, 11, 23), 30), (date(2026, 11, 29), 30)]
)
def test_work_begins_on_the_monday_after(day, monday):
    assert first_monday(day).day == monday


@pytest.mark.parametrize(
    ("text", "count"),
    [("9,400,000", 9_400_000), ("9.4 M", 9_400_000), ("410k", 410_000), (" 0 ", 0), ("1.5K", 1500)],
)
def test_a_count_is_read_as_people_write_it(text, count):
    assert read_count(text) == count


@pytest.mark.parametrize("text", ["", "-1", "many", "1.5", "4 G", "1e6", "9.4.1 M", "٣"])
def test_what_is_no_count_is_refused(text):
    with pytest.raises(ValueError, match="Not a"):
        read_count(text)


@pytest.mark.parametrize(
    "started",
    [
        datetime(2026, 10, 24, 12, tzinfo=ZoneInfo("Europe/Madrid")),
        datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Madrid")),
        datetime(2028, 2, 28, 12, tzinfo=UTC),
    ],
)
def test_48_hours_are_48_hours_whatever_the_clocks_do(started):
    assert due_at(started, timedelta(hours=48)) - started.astimezone(UTC) == timedelta(hours=48)


def test_a_day_ends_where_the_customer_is():
    end = end_of_day(date(2026, 12, 23), ZoneInfo("Asia/Kolkata"))

    assert end == datetime(2026, 12, 23, 18, 29, 59, 999999, tzinfo=UTC)


def test_the_youngest_row_that_is_not_in_the_future_holds():
    rows = [
        {"key": "fee", "value": 1, "valid_from": date(2026, 1, 1)},
        {"key": "fee", "value": 2, "valid_from": date(2026, 6, 1)},
        {"key": "other", "value": 9, "valid_from": date(2027, 1, 1)},
    ]

    assert [row["value"] for row in in_force(rows, date(2026, 5, 31))] == [1]
    assert [row["value"] for row in in_force(rows, date(2026, 6, 1))] == [2]


def test_a_day_before_the_first_tier_has_no_book():
    with pytest.raises(LookupError, match="No tier was on offer"):
        book_on(date(2025, 12, 31))


def test_the_last_rule_needs_nothing_and_every_fact_exists():
    known = {field.name for field in fields(DataPoints)} | {"band"}

    assert BOOK.rules[-1].conditions == ()
    assert {condition.fact for rule in BOOK.rules for condition in rule.conditions} <= known
    assert {rule.tier for rule in BOOK.rules} == {tier.key for tier in BOOK.tiers}
    assert all((one.more_than is None) != (one.equals is None) for rule in BOOK.rules for one in rule.conditions)
