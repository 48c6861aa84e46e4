"""How much of a fee somebody takes off alone: an amount, and a share of a small fee."""

from dataclasses import replace
from decimal import Decimal

import pytest
from djmoney.money import Money

from core.errors import DomainError
from pricing.calculation.authority import NONE, Authority
from tests.factories.pricing import MULTI_IP, fetch, make_draft
from tests.pricing.test_given_terms import approve, give, percent, send

pytestmark = pytest.mark.django_db


def test_of_a_large_fee_the_amount_is_the_limit_though_the_share_is_small(northlake, sam, lea):
    large = fetch(make_draft(northlake, actor=sam, points=replace(MULTI_IP, tenants=3)))

    quote = give(large, actor=sam, reduction=percent("2.6"))

    assert quote.fee == Money(58000, "USD")
    with pytest.raises(DomainError, match=r"A discount of USD 1,508 \(2.6 %\) on USD 58,000 by Sam Ortiz waits"):
        send(quote, actor=sam)
    assert approve(quote, actor=lea).approved_by == lea


@pytest.mark.parametrize(
    ("off", "fee", "is_covered"),
    [("1500", "58000", True), ("1500.01", "58000", False), ("725", "14500", True), ("725.01", "14500", False)],
)
def test_both_limits_hold_to_the_cent(off, fee, is_covered):
    sales = Authority(amount=Decimal(1500), percent=Decimal(5))

    assert sales.covers(Decimal(off), Decimal(fee)) == is_covered


def test_a_row_without_an_amount_has_no_limit_in_money_and_nobody_unnamed_takes_anything_off():
    owner = Authority(amount=None, percent=Decimal(100))

    assert owner.covers(Decimal(58000), Decimal(58000))
    assert not NONE.covers(Decimal("0.01"), Decimal(58000))
