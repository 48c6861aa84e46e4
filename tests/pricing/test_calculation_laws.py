"""What holds for every set of data points, also the odd ones."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from pricing.calculation.books import book_on
from pricing.calculation.clock import due_at, end_of_day
from pricing.calculation.counts import read_count
from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.calculation.proposal import work_out
from pricing.calculation.terms import Reduction, Terms
from pricing.calculation.totals import CALCULATIONS, Line, to_cents

BOOK = book_on(date(2026, 11, 23))
COUNTS = st.none() | st.integers(0, 12) | st.integers(0, 10**12)
POINTS = st.builds(
    DataPoints,
    month=COUNTS,
    peak=COUNTS,
    ips=COUNTS,
    pools=COUNTS,
    streams=COUNTS,
    tenants=COUNTS,
    domains=COUNTS,
    components=st.builds(CustomComponents, COUNTS, COUNTS, COUNTS, COUNTS),
    team=st.none() | st.sampled_from(Team),
)
RAISED = ["month", "peak", "ips", "pools", "streams", "tenants", "domains"]
LINES = st.lists(
    st.builds(
        Line,
        st.just("Work"),
        st.decimals(0, 1000, places=3),
        st.decimals(0, 100_000, places=4),
    ),
    max_size=8,
)


@given(POINTS)
def test_any_data_points_lead_to_a_tier_with_reasons(points):
    proposal = work_out(points, BOOK)

    assert proposal.choice.because
    assert len(proposal.choice.rejected) == len(BOOK.tiers) - 1
    assert proposal.totals.total == proposal.choice.tier.fee
    assert 0 <= proposal.refund < proposal.totals.total


@given(POINTS, st.sampled_from(RAISED), st.integers(1, 10**6))
def test_more_of_anything_and_the_most_of_what_was_unknown_never_gives_a_cheaper_tier(points, fact, more):
    value = getattr(points, fact)
    raised = 10**12 if value is None else value + more

    fewer = work_out(points, BOOK).choice.tier.fee
    larger = work_out(replace(points, **{fact: raised}), BOOK).choice.tier.fee

    assert larger >= fewer


@given(POINTS)
def test_the_same_facts_give_the_same_proposal(points):
    assert work_out(points, BOOK) == work_out(points, BOOK)


@given(POINTS)
def test_stay_is_said_only_when_no_open_number_could_change_it(points):
    if not work_out(points, BOOK).diagnosis.is_stay:
        return

    known = replace(
        points,
        month=points.month if points.month is not None else 10**9,
        ips=points.ips if points.ips is not None else 100,
        streams=points.streams if points.streams is not None else 100,
        tenants=points.tenants if points.tenants is not None else 100,
        peak=points.peak if points.peak is not None else 10**9,
    )
    assert work_out(known, BOOK).diagnosis.is_stay


@given(LINES)
def test_totals_are_exactly_the_sum_of_the_amounts_shown(lines):
    for calculation in CALCULATIONS.values():
        totals = calculation(lines)

        assert totals.total == sum(totals.amounts, Decimal(0))
        assert totals.amounts == tuple(to_cents(line.quantity * line.unit_price) for line in lines)


PERCENT = st.decimals("0.01", 100, places=2)
REDUCTIONS = st.builds(Reduction, percent=PERCENT) | st.builds(Reduction, amount=st.decimals("0.01", 100_000, places=2))


@given(POINTS, REDUCTIONS, st.sampled_from(["", *(tier.key for tier in BOOK.tiers)]))
def test_a_discounted_total_is_exact_and_never_negative(points, reduction, tier):
    try:
        proposal = work_out(points, BOOK, Terms(reduction, tier, "Sam"))
    except ValueError:
        fee = work_out(points, BOOK, Terms(None, tier)).choice.tier.fee
        assert reduction.amount is not None
        assert reduction.amount > fee
        return

    totals, fee = proposal.totals, proposal.choice.tier.fee
    assert totals.total == sum(totals.amounts) == fee - proposal.off
    assert 0 <= totals.total < fee
    assert totals.total == to_cents(totals.total)
    assert 0 <= proposal.refund <= totals.total


@given(st.decimals(1, 100_000, places=2), PERCENT)
def test_a_percentage_is_rounded_to_cents_once_half_up(fee, percent):
    off = fee * percent / 100

    if to_cents(off):
        assert abs(Reduction(percent=percent).off(fee) - off) <= Decimal("0.005")
        assert Reduction(percent=percent).off(fee) == to_cents(off)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.timezones()), st.integers(0, 500))
def test_the_clock_counts_hours_that_really_pass(started, hours):
    assert due_at(started, timedelta(hours=hours)) - started.astimezone(UTC) == timedelta(hours=hours)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.timezones())
@example(date(2026, 10, 24), ZoneInfo("Asia/Beirut"))
@example(date(2027, 4, 3), ZoneInfo("America/Santiago"))
@example(date(2027, 3, 27), ZoneInfo("America/Nuuk"))
def test_a_day_ends_a_microsecond_before_the_next_one_whatever_the_clocks_do(day, zone):
    end = end_of_day(day, zone)

    assert end.astimezone(zone).date() <= day
    assert (end + timedelta(microseconds=1)).astimezone(zone).date() > day


@given(st.text(max_size=30))
def test_reading_a_count_gives_a_number_or_says_no(text):
    with suppress(ValueError):
        assert read_count(text) >= 0
