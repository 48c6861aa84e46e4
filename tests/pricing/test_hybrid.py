"""The verdict stream by stream: a pure function of the numbers, monotone in each of them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.calculation.books import book_on
from pricing.calculation.diagnosis import Band, diagnose
from pricing.calculation.hybrid import Result, StreamPoints, weigh_streams
from tests.factories.pricing import MULTI_IP, STAY

THRESHOLDS = book_on(date(2026, 11, 23)).thresholds
RECEIPTS = StreamPoints("Receipts", month=600_000, peak=40_000, ips=1)
NEWS = StreamPoints("Newsletters", month=7_000_000, peak=380_000, ips=4)
ALERTS = StreamPoints("Alerts", month=1_800_000, peak=90_000, ips=1)
RANKS = [Band.STAY, Band.CONSIDER, Band.MIGRATE]
COUNTS = st.integers(0, 10**9)
KNOWN = st.builds(StreamPoints, st.just("A stream"), COUNTS, COUNTS, st.integers(1, 50))
OPEN = st.builds(StreamPoints, st.just("A stream"), *[st.none() | COUNTS] * 2, st.none() | st.integers(1, 50))


def weigh(*streams, whole=MULTI_IP):
    return weigh_streams(streams, diagnose(whole, THRESHOLDS), THRESHOLDS)


def test_streams_that_differ_make_a_hybrid_that_says_how_many():
    found = weigh(RECEIPTS, NEWS, ALERTS)

    assert found.result is Result.HYBRID
    assert found.label == "Migrate 2 of 3 streams, keep one on Postfix"
    assert [each.band for each in found.streams] == [Band.STAY, Band.MIGRATE, Band.CONSIDER]
    assert found.streams[0].numbers.startswith("600,000 a month, 40,000 on the busiest day, one IP.")


def test_a_stream_whose_numbers_are_unknown_is_counted_apart():
    found = weigh(RECEIPTS, NEWS, StreamPoints("Other mail"))

    assert found.label == "Migrate one of 3 streams, keep one on Postfix"
    assert "Of one too little is known to say." in found.explanation


def test_a_whole_that_stays_is_never_divided():
    found = weigh(RECEIPTS, NEWS, whole=STAY)

    assert found.result is Result.STAY
    assert found.label == "Stay on Postfix"


def test_streams_that_only_deserve_a_thought_are_named_so():
    whole = replace(MULTI_IP, month=2_400_000, peak=130_000, ips=2, streams=2)

    found = weigh(RECEIPTS, ALERTS, whole=whole)

    assert found.label == "Consider migrating one of 2 streams, keep one on Postfix"


@pytest.mark.parametrize(
    ("streams", "words"),
    [
        ((RECEIPTS, RECEIPTS), "Each stream by itself would be well on Postfix"),
        ((NEWS, ALERTS), "No stream's own numbers set it apart"),
        ((StreamPoints("One"), StreamPoints("Two")), "not known yet"),
        ((NEWS,), "signals lit"),
        ((), "signals lit"),
    ],
)
def test_without_a_difference_the_whole_s_verdict_holds(streams, words):
    found = weigh(*streams)

    assert found.result is Result.MIGRATE
    assert found.label == "Migrate"
    assert words in found.explanation


@given(KNOWN, COUNTS, st.sampled_from(["month", "peak", "ips"]))
def test_more_of_anything_never_speaks_more_for_staying(points, more, fact):
    larger = replace(points, **{fact: getattr(points, fact) + more})

    before, after = weigh(points).streams[0].band, weigh(larger).streams[0].band

    assert RANKS.index(after) >= RANKS.index(before)


@given(OPEN, COUNTS, COUNTS, st.integers(1, 50))
def test_what_is_said_while_a_number_is_unknown_holds_whatever_volume_and_ips_turn_out_to_be(points, month, peak, ips):
    told = replace(points, month=points.month or month, ips=points.ips or ips, peak=points.peak)

    before, after = weigh(points).streams[0].band, weigh(told).streams[0].band

    if before is not None and points.month != 0:
        assert before is after


@given(st.lists(OPEN, max_size=5), KNOWN, COUNTS)
def test_more_volume_of_one_stream_never_takes_another_off_the_way(others, points, more):
    larger = replace(points, month=points.month + more)

    def going(found):
        return sum(each.band in {Band.CONSIDER, Band.MIGRATE} for each in found.streams)

    assert going(weigh(*others, larger)) >= going(weigh(*others, points))


@given(st.lists(OPEN, max_size=6))
def test_a_hybrid_keeps_some_and_moves_some(streams):
    found = weigh(*streams)

    bands = [each.band for each in found.streams]
    assert found.is_hybrid == (Band.STAY in bands and bool({Band.CONSIDER, Band.MIGRATE} & set(bands)))
    assert len(found.streams) == len(streams)
