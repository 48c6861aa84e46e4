"""The promise to answer: what counts towards it, what does not, and when it is due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.calculation.clock import Interval, due_at, elapsed
from pricing.calculation.clock_book import hours_from, hours_on
from pricing.calculation.working_hours import CALENDAR, BusinessHours

GMT_5 = ZoneInfo("Etc/GMT+5")
ZONES = sorted(available_timezones())
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING = timedelta(0)
CHRISTMAS = date(2026, 12, 25)
OFFICE = BusinessHours(GMT_5, time(9), time(18), frozenset(range(5)), frozenset({CHRISTMAS}))

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.integers(0, 6 * 366 * 24 * 60).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + minutes * MINUTE)
lengths = st.integers(0, 6 * 24 * 60).map(lambda minutes: minutes * MINUTE)
promises = st.integers(1, 100).map(lambda hours: hours * HOUR)
kinds = st.sampled_from([CALENDAR, OFFICE])
offices = st.builds(
    BusinessHours,
    st.sampled_from(["Etc/GMT+5", "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]).map(
        ZoneInfo
    ),
    st.integers(6, 11).map(time),
    st.integers(12, 20).map(time),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(date(2026, 3, 20), date(2026, 4, 10)), max_size=4),
)


@st.composite
def paused(draw, *, may_stay_open=False):
    """A start, and pauses after it in their order, with a gap of its own before each."""
    start = draw(moments)
    pauses, at = [], start
    for gap, length in draw(st.lists(st.tuples(lengths, lengths), max_size=4)):
        pauses.append(Interval(at + gap, at + gap + length))
        at = pauses[-1].until
    if may_stay_open and draw(st.booleans()):
        pauses.append(Interval(at + draw(lengths)))
    return start, pauses


@given(moments, promises, zones, zones)
def test_48_hours_are_48_hours_in_every_zone_and_on_every_day(start, promise, here, there):
    due = due_at(start.astimezone(here), promise)

    assert due == start + promise
    assert elapsed(start.astimezone(there), due.astimezone(here)) == promise


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (datetime(2028, 2, 28, 12, tzinfo=UTC), datetime(2028, 3, 1, 12, tzinfo=UTC)),
        (datetime(2027, 2, 27, 12, tzinfo=UTC), datetime(2027, 3, 1, 12, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Madrid")), datetime(2026, 3, 30, 11, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, tzinfo=ZoneInfo("Europe/Madrid")), datetime(2026, 10, 26, 10, tzinfo=UTC)),
    ],
    ids=["a leap day", "no leap day", "the clocks go forward", "the clocks go back"],
)
def test_known_days_come_out(start, due):
    assert due_at(start, 48 * HOUR) == due.astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-26T10:00", 8, "2026-11-26T18:00"),
        ("2026-11-26T17:00", 9, "2026-11-27T17:00"),
        ("2026-11-27T17:30", 1, "2026-11-30T09:30"),
        ("2026-11-28T12:00", 2, "2026-11-30T11:00"),
        ("2026-12-24T16:00", 4, "2026-12-28T11:00"),
        ("2026-11-26T05:00", 9, "2026-11-26T18:00"),
        ("2026-11-23T09:00", 48, "2026-11-30T12:00"),
    ],
)
def test_business_hours_skip_nights_weekends_and_holidays(start, hours, due):
    started = datetime.fromisoformat(start).replace(tzinfo=GMT_5)

    assert due_at(started, hours * HOUR, hours=OFFICE) == datetime.fromisoformat(due).replace(tzinfo=GMT_5)


@given(paused(), promises, kinds)
def test_when_it_is_due_exactly_the_promise_has_been_counted(case, promise, hours):
    start, pauses = case

    due = due_at(start, promise, pauses=pauses, hours=hours)

    assert elapsed(start, due, pauses=pauses, hours=hours) == promise
    assert elapsed(start, due - timedelta(microseconds=1), pauses=pauses, hours=hours) < promise


@given(paused(may_stay_open=True), st.integers(0, 30 * 24 * 60), kinds)
def test_the_time_counted_up_to_a_moment_is_due_no_later_than_that_moment(case, minutes, hours):
    start, pauses = case
    at = start + minutes * MINUTE

    counted = elapsed(start, at, pauses=pauses, hours=hours)

    if counted:
        due = due_at(start, counted, pauses=pauses, hours=hours)
        assert due <= at
        assert elapsed(start, due, pauses=pauses, hours=hours) == counted


@given(paused(may_stay_open=True), st.randoms(use_true_random=False), promises, kinds)
def test_the_order_of_the_pauses_does_not_matter(case, random, promise, hours):
    start, pauses = case
    shuffled = random.sample(pauses, len(pauses))

    assert due_at(start, promise, pauses=shuffled, hours=hours) == due_at(start, promise, pauses=pauses, hours=hours)


@given(paused(), moments, lengths, promises, kinds)
def test_one_more_pause_never_makes_it_due_earlier(case, begins, length, promise, hours):
    start, pauses = case
    more = [*pauses, Interval(begins, begins + length)]

    before = due_at(start, promise, pauses=pauses, hours=hours)
    after = due_at(start, promise, pauses=more, hours=hours)

    assert after >= before
    assert elapsed(start, before, pauses=more, hours=hours) <= promise


@given(moments, st.integers(1, 47 * 60), promises)
def test_while_it_is_paused_nothing_is_due_and_what_is_left_stays(start, minutes, promise):
    pause = Interval(start + minutes * MINUTE)

    due = due_at(start, promise, pauses=[pause])

    if minutes * MINUTE < promise:
        assert due is None
        assert elapsed(start, start + 100 * DAY, pauses=[pause]) == minutes * MINUTE
    else:
        assert due == start + promise


@given(moments, lengths, lengths)
def test_a_pause_counts_from_its_first_moment_up_to_its_last(start, gap, length):
    pause = Interval(start + gap, start + gap + length)

    assert elapsed(start, pause.start, pauses=[pause]) == gap
    assert elapsed(start, pause.until, pauses=[pause]) == gap
    assert elapsed(start, pause.until + MINUTE, pauses=[pause]) == gap + MINUTE


@given(moments, lengths)
def test_before_it_started_nothing_has_been_counted(start, before):
    assert elapsed(start, start - before) == NOTHING
    assert elapsed(start, start - before, hours=OFFICE) == NOTHING


def minute_by_minute(start, end, office, pauses):
    """The same, slowly: each minute is asked whether the practice works in it."""
    total, at = NOTHING, start
    while at < end:
        local = at.astimezone(office.zone)
        works = local.weekday() in office.weekdays and local.date() not in office.holidays
        stands = any(pause.start <= at < pause.until for pause in pauses)
        if works and office.opens <= local.time() < office.closes and not stands:
            total += MINUTE
        at += MINUTE
    return total


@settings(max_examples=60, deadline=None)
@given(
    offices,
    st.integers(0, 20 * 24 * 60),
    st.integers(0, 9 * 24 * 60),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 3000)), max_size=2),
)
def test_business_hours_are_those_of_the_slow_count(office, offset, minutes, gaps):
    start = datetime(2026, 3, 20, tzinfo=UTC) + offset * MINUTE
    pauses, at = [], start
    for gap, length in gaps:
        pauses.append(Interval(at + gap * MINUTE, at + (gap + length) * MINUTE))
        at = pauses[-1].until

    counted = elapsed(start, start + minutes * MINUTE, pauses=pauses, hours=office)

    assert counted == minute_by_minute(start, start + minutes * MINUTE, office, pauses)


@pytest.mark.parametrize(
    ("opens", "closes", "weekdays"), [(18, 9, {0}), (9, 9, {0}), (9, 18, set())], ids=["turned", "empty", "no day"]
)
def test_hours_that_never_come_are_refused(opens, closes, weekdays):
    with pytest.raises(ValueError, match="Working hours need"):
        BusinessHours(GMT_5, time(opens), time(closes), frozenset(weekdays))


def test_a_pause_does_not_end_before_it_begins():
    now = datetime(2026, 11, 26, tzinfo=UTC)

    with pytest.raises(ValueError, match="cannot end before"):
        Interval(now, now - MINUTE)


BOOK = {
    "kinds": [
        {"key": "answer", "kind": "calendar", "valid_from": date(2026, 1, 1)},
        {"key": "answer", "kind": "business", "valid_from": date(2026, 12, 1)},
    ],
    "working_hours": [
        {
            "key": "practice",
            "zone": "Etc/GMT+5",
            "opens": "09:00",
            "closes": "18:00",
            "weekdays": ["mon", "tue", "wed", "thu", "fri"],
            "valid_from": date(2026, 1, 1),
        }
    ],
    "holidays": [
        {"day": CHRISTMAS, "name": "Christmas Day", "valid_from": date(2026, 1, 1)},
        {"day": date(2026, 12, 24), "name": "The day before", "valid_from": date(2026, 12, 20)},
    ],
}


def test_the_day_a_clock_started_decides_how_it_counts():
    assert hours_from(BOOK, date(2026, 11, 30)) is CALENDAR
    assert hours_from(BOOK, date(2026, 12, 1)) == OFFICE


def test_a_holiday_that_was_named_later_does_not_move_a_clock_that_runs():
    start = datetime(2026, 12, 23, 17, tzinfo=GMT_5)

    named_before = due_at(start, 2 * HOUR, hours=hours_from(BOOK, date(2026, 12, 20)))
    named_later = due_at(start, 2 * HOUR, hours=hours_from(BOOK, date(2026, 12, 19)))

    assert named_later == datetime(2026, 12, 24, 10, tzinfo=GMT_5)
    assert named_before == datetime(2026, 12, 28, 10, tzinfo=GMT_5)


def test_the_practice_promises_calendar_hours():
    assert hours_on(date(2026, 11, 26)) is CALENDAR


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(1970, 1, 1)])
def test_before_the_first_rows_nobody_said_how_to_count(day):
    with pytest.raises(LookupError, match="Nobody said how"):
        hours_on(day)


def test_a_kind_nobody_knows_is_refused():
    book = BOOK | {"kinds": [{"key": "answer", "kind": "lunar", "valid_from": date(2026, 1, 1)}]}

    with pytest.raises(LookupError, match="no way to count"):
        hours_from(book, date(2026, 11, 26))


def test_a_clock_that_runs_over_the_29th_of_february_counts_that_day():
    start = datetime(2028, 2, 28, 10, tzinfo=GMT_5)

    calendar = due_at(start, 48 * HOUR)
    business = due_at(start, 12 * HOUR, hours=OFFICE)

    assert calendar == datetime(2028, 3, 1, 10, tzinfo=GMT_5)
    assert business == datetime(2028, 2, 29, 13, tzinfo=GMT_5)
