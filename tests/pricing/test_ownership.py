"""Five years by cost head: every row follows from a formula, and the range of the sources is kept."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.calculation.books import book_on
from pricing.calculation.ownership import Basis, Head, Span, Way, break_even, cost_of, costs_of, volume_in

BOOK = book_on(date(2026, 11, 26))
ASSUMED = {assumption.key: assumption.value for assumption in BOOK.assumptions}
BASIS = Basis(10_000_000, Decimal(28_500), 5, ASSUMED, BOOK.licences)


def assuming(**otherwise):
    return replace(BASIS, assumed=ASSUMED | {key: Decimal(value) for key, value in otherwise.items()})


def test_ten_million_a_month_costs_a_licence_of_300_to_400_thousand_over_five_years():
    cost = cost_of(Way.POWERMTA, BASIS)

    assert cost.of(head=Head.LICENCE, year=1) == Span(Decimal(60_000), Decimal(80_000))
    assert cost.of(head=Head.LICENCE) == Span(Decimal(300_000), Decimal(400_000))


def test_kumomta_asks_no_licence_and_the_same_fee():
    kumo, power = cost_of(Way.KUMOMTA, BASIS), cost_of(Way.POWERMTA, BASIS)

    assert kumo.of(head=Head.LICENCE) == Span(Decimal(0), Decimal(0))
    assert kumo.of(head=Head.MIGRATION) == power.of(head=Head.MIGRATION) == Span(Decimal(28_500), Decimal(28_500))


def test_staying_costs_no_fee_and_no_licence():
    stay = cost_of(Way.POSTFIX, BASIS)

    assert {row.head for row in stay.rows} == {Head.SERVERS, Head.HOURS}
    assert stay.total == Span(Decimal(5 * (4 * 2400 + 320 * 95)), Decimal(5 * (4 * 2400 + 320 * 95)))


def test_each_row_says_how_its_amount_came_about():
    cost = cost_of(Way.POWERMTA, assuming(hours_powermta="52", hour_rate="95"))
    hours = next(row for row in cost.rows if row.head is Head.HOURS)

    assert hours.formula == "52 hours at USD 95"
    assert hours.amount == Span(Decimal(4940), Decimal(4940))
    assert all(row.formula for row in cost.rows)


def test_a_licence_follows_the_volume_as_it_grows():
    cost = cost_of(Way.POWERMTA, assuming(volume_growth="80"))

    assert volume_in(4, assuming(volume_growth="80")) == 58_320_000
    assert cost.of(head=Head.LICENCE, year=4) == Span(Decimal(200_000), Decimal(200_000), and_more=True)
    assert cost.total.and_more


def test_without_a_volume_only_staying_can_be_told():
    assert [cost.way for cost in costs_of(replace(BASIS, month=None))] == [Way.POSTFIX]


@pytest.mark.parametrize("days_before", [date(2026, 1, 1)])
def test_the_assumptions_stand_in_the_book_with_a_source_and_inside_their_bounds(days_before):
    for assumption in book_on(days_before).assumptions:
        assert assumption.source
        assert assumption.least <= assumption.value <= assumption.most


def test_from_the_break_even_volume_kumomta_costs_less():
    basis = assuming(hours_kumomta="700")
    volume = break_even(basis)

    assert volume == 5_000_000
    for month, is_cheaper in ((volume - 1, False), (volume, True)):
        power, kumo = (cost_of(way, replace(basis, month=month)).total.middle for way in (Way.POWERMTA, Way.KUMOMTA))
        assert (kumo < power) is is_cheaper


def test_where_the_order_never_changes_there_is_no_break_even():
    assert break_even(BASIS) is None


amounts = st.decimals(0, 5000, places=2)


@settings(deadline=None)
@given(st.integers(1, 10**9), amounts, amounts, st.integers(-50, 100))
def test_the_years_and_the_heads_add_up_to_the_same_total(month, rate, hours, growth):
    basis = replace(
        BASIS,
        month=month,
        assumed=ASSUMED | {"hour_rate": rate, "hours_kumomta": hours, "volume_growth": Decimal(growth)},
    )

    for cost in costs_of(basis):
        by_year = sum((cost.of(year=year) for year in range(1, 6)), start=Span(Decimal(0), Decimal(0)))
        by_head = sum((cost.of(head=head) for head in Head), start=Span(Decimal(0), Decimal(0)))
        assert by_year == by_head == cost.total
        assert cost.total.low <= cost.total.high
