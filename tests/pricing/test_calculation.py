"""Every rule with the published numbers, at its edges."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pricing.calculation.books import book_on
from pricing.calculation.diagnosis import diagnose
from pricing.calculation.facts import CustomComponents, DataPoints, Team
from pricing.calculation.licences import estimate_licence
from pricing.calculation.proposal import work_out
from pricing.calculation.totals import CALCULATIONS, CURRENT_CALCULATION, Line, refund_if_stay

BOOK = book_on(date(2026, 11, 23))
SMALL = DataPoints(
    month=2_000_000,
    peak=100_000,
    ips=1,
    pools=1,
    streams=1,
    tenants=0,
    domains=1,
    components=CustomComponents(0, 0, 0, 0),
    team=Team.FULL_EXECUTION,
)


def with_points(**changes):
    return replace(SMALL, **changes)


@pytest.mark.parametrize(
    ("changes", "lit"),
    [
        ({"month": 4_999_999}, []),
        ({"month": 5_000_000}, ["volume"]),
        ({"peak": 499_999}, []),
        ({"peak": 500_000}, ["volume"]),
        ({"ips": 3}, []),
        ({"ips": 4}, ["ips"]),
        ({"streams": 2}, ["streams"]),
        ({"tenants": 1}, ["tenants"]),
        ({"month": 5_000_000, "ips": 4, "streams": 2, "tenants": 1}, ["volume", "ips", "streams", "tenants"]),
    ],
)
def test_a_signal_is_lit_from_its_threshold(changes, lit):
    diagnosis = diagnose(with_points(**changes), BOOK.thresholds)

    assert [signal.key for signal in diagnosis.signals if signal.is_lit] == lit


@pytest.mark.parametrize(
    ("changes", "band"),
    [
        ({}, "stay"),
        ({"streams": 2}, "consider"),
        ({"streams": 2, "tenants": 1}, "migrate"),
        ({"month": 999_999, "tenants": 3, "peak": 600_000}, "stay"),
        ({"month": 1_000_000, "tenants": 3, "peak": 600_000}, "migrate"),
        ({"month": 999_999, "streams": 2, "tenants": 3}, "migrate"),
        ({"month": 999_999, "ips": 2, "tenants": 3}, "consider"),
    ],
)
def test_the_bands_and_the_floor_below_which_nothing_else_counts(changes, band):
    diagnosis = diagnose(with_points(**changes), BOOK.thresholds)

    assert (diagnosis.band, diagnosis.is_provisional) == (band, False)


def test_a_verdict_prints_the_numbers_it_used():
    diagnosis = diagnose(with_points(month=9_400_000, peak=410_000, ips=6), BOOK.thresholds)

    assert diagnosis.explanation.startswith("2 of 4 signals lit")
    assert diagnosis.signals[0].numbers == (
        "9,400,000 a month, lit from 5,000,000; daily peak 410,000, lit from 500,000."
    )
    assert diagnosis.signals[1].numbers == "6 IPs, lit from 4."


def test_an_unknown_number_makes_the_verdict_provisional_only_where_it_could_change_it():
    nothing_known = diagnose(DataPoints(), BOOK.thresholds)
    decided = diagnose(with_points(ips=9, streams=3, tenants=None), BOOK.thresholds)

    assert (nothing_known.band, nothing_known.is_provisional, nothing_known.is_stay) == ("stay", True, False)
    assert (decided.band, decided.is_provisional) == ("migrate", False)


@pytest.mark.parametrize(
    ("changes", "tier", "fee"),
    [
        ({"team": Team.COULD_RUN, "ips": 20}, "discovery", 2400),
        ({}, "discovery", 2400),
        ({"month": 999_999, "tenants": 4}, "discovery", 2400),
        ({"month": 6_000_000}, "standard", 14500),
        ({"month": 6_000_000, "pools": 2, "ips": 2}, "multi_ip", 28500),
        ({"month": 6_000_000, "ips": 2}, "multi_ip", 28500),
        ({"month": 6_000_000, "ips": 8}, "multi_ip", 28500),
        ({"month": 6_000_000, "streams": 2}, "multi_ip", 28500),
        ({"month": 9_400_000, "ips": 6, "pools": 2, "streams": 2}, "multi_ip", 28500),
        ({"month": 6_000_000, "ips": 9}, "enterprise", 58000),
        ({"month": 6_000_000, "domains": 2}, "enterprise", 58000),
        ({"month": 6_000_000, "tenants": 1}, "enterprise", 58000),
    ],
)
def test_the_tier_follows_from_the_facts(changes, tier, fee):
    proposal = work_out(with_points(**changes), BOOK)

    assert (proposal.choice.tier.key, proposal.totals.total) == (tier, Decimal(fee))


def test_the_choice_says_why_and_why_not_the_others():
    choice = work_out(with_points(month=9_400_000, ips=6, pools=2, streams=2), BOOK).choice

    assert choice.because == ("2 pools.", "6 IPs to shape.", "2 streams to keep apart.")
    assert [(one.tier.key, one.reason) for one in choice.rejected] == [
        ("discovery", "Full execution is wanted, not the plan alone; the signals do not say stay."),
        ("standard", "2 pools; 6 IPs to shape; 2 streams to keep apart."),
        ("enterprise", "No tenants; one domain; 6 IPs, not more than 8."),
    ]


def test_every_tier_but_the_chosen_is_considered():
    for month in (800_000, 6_000_000):
        for ips in (1, 6, 9):
            choice = work_out(with_points(month=month, ips=ips), BOOK).choice

            assert {choice.tier.key, *(one.tier.key for one in choice.rejected)} == {tier.key for tier in BOOK.tiers}


@pytest.mark.parametrize(
    ("month", "peak", "is_doubted"),
    [(300, 10, False), (301, 10, True), (100, 10, False), (99, 10, True), (None, 10, False), (300, None, False)],
)
def test_a_peak_that_does_not_fit_the_month_is_asked_about(month, peak, is_doubted):
    found = work_out(DataPoints(month=month, peak=peak), BOOK).doubts

    assert [sentence.startswith("Check these two numbers") for sentence in found] == [True] * is_doubted


def test_more_pools_than_ips_are_asked_about():
    assert work_out(with_points(ips=2, pools=3), BOOK).doubts == (
        "Check these two numbers: 3 pools cannot be filled with 2 IPs.",
    )


@pytest.mark.parametrize(
    ("month", "low", "high", "and_more"),
    [
        (1, 30_000, 30_000, False),
        (4_999_999, 30_000, 30_000, False),
        (5_000_000, 60_000, 80_000, False),
        (10_000_000, 60_000, 80_000, False),
        (10_000_001, 60_000, 200_000, False),
        (50_000_000, 60_000, 200_000, False),
        (50_000_001, 200_000, 200_000, True),
    ],
)
def test_a_licence_is_a_range_by_volume(month, low, high, and_more):
    estimate = estimate_licence("powermta", month, BOOK.licences)

    assert (estimate.low, estimate.high, estimate.and_more) == (low, high, and_more)


def test_five_years_are_computed_and_disagreeing_sources_are_shown():
    estimate = estimate_licence("powermta", 10_000_000, BOOK.licences)

    assert estimate.over(5) == (300_000, 400_000)
    assert [(row.low, row.high, row.and_more) for row in estimate.others] == [(8_000, 100_000, True)]


def test_kumomta_asks_nothing_and_an_unknown_volume_gives_no_estimate():
    assert estimate_licence("kumomta", 10_000_000, BOOK.licences).over(5) == (0, 0)
    assert estimate_licence("powermta", None, BOOK.licences) is None


@pytest.mark.parametrize(("fee", "refund"), [(2400, 0), (14500, 12100), (28500, 26100), (58000, 55600)])
def test_the_unused_execution_budget_goes_back_when_discovery_says_stay(fee, refund):
    assert refund_if_stay(Decimal(fee), Decimal(2400)) == refund


def test_lines_are_rounded_once_and_added_once():
    lines = [Line("Third", Decimal(1), Decimal("0.335")), Line("Third", Decimal(3), Decimal("0.335"))]

    totals = CALCULATIONS[CURRENT_CALCULATION](lines)

    assert totals.amounts == (Decimal("0.34"), Decimal("1.01"))
    assert totals.total == Decimal("1.35")
