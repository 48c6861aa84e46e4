"""Every figure of 300 made-up engagements, against a count in SQL that was written apart from it."""

from datetime import timedelta
from decimal import Decimal
from statistics import median
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from core.wording import amount_text, number_text
from discovery.models import Stream
from engagements.models import Engagement
from pricing.figures import Period
from reports.portfolio.book import definitions
from reports.portfolio.constructs import constructs_of, with_construct
from reports.portfolio.counted import SELECTED, items_of
from reports.portfolio.figures import figure_of
from reports.portfolio.readers import within
from reports.portfolio.records import facts_of
from reports.portfolio.tables import months_of, tier_days, tier_work
from tests.reports.portfolio.independent_sql import CONSTRUCTS, MONTHS, STATEMENTS, STATES, TIERS, WORK

pytestmark = pytest.mark.django_db

A_MINUTE = 60  # seconds; gates that are open grow older between one count and the other
WHOLE = {"first": "2020-01-01", "end": "2100-01-01"}
QUARTER = {"first": "2026-04-01 00:00-05", "end": "2026-07-01 00:00-05"}
PERIODS = ((Period(), WHOLE), (Period("2026-Q2"), QUARTER))


def in_sql(statement, bounds, states=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, {**bounds, "states": list(states)})
        return cursor.fetchall()


def facts_in(period):
    return facts_of(within(Engagement.objects.all(), period))


def summed(items):
    """What the second column of a statement says: the median in seconds, or the sum."""
    if items and items[0].span is not None:
        return median(item.span / timedelta(seconds=1) for item in items)
    return sum((item.number for item in items), start=Decimal(0))


def is_as_in_sql(items, rest):
    """Spans alone grow between the two counts: a number or a sum of money is the same or it is wrong."""
    if not rest:
        return True
    found = summed(items)
    apart = abs(found - type(found)(rest[0]))
    return apart <= A_MINUTE if items and items[0].span is not None else apart == 0


@pytest.mark.parametrize(("number", "span", "told", "is_right"), [
    (Decimal(100), None, 100, True),
    (Decimal(100), None, 101, False),
    (Decimal("100.00"), None, Decimal("100.01"), False),
    (None, timedelta(seconds=100), 159, True),
    (None, timedelta(seconds=100), 161, False),
])  # fmt: skip
def test_only_spans_may_be_a_minute_apart(number, span, told, is_right):
    assert is_as_in_sql([SimpleNamespace(number=number, span=span)], [told]) is is_right


def test_each_figure_is_what_sql_counts(portfolio):
    for period, bounds in PERIODS:
        facts = facts_in(period)
        wrong = {}
        for key, statement in STATEMENTS.items():
            (count, *rest), *_ = in_sql(statement, bounds, STATES.get(key, ()))
            items = items_of(key, facts)
            if len(items) != count or not is_as_in_sql(items, rest):
                wrong[key] = (count, *rest), (len(items), summed(items))

        assert wrong == {}
        assert len(facts) in {portfolio, *range(20, portfolio)}


def test_every_figure_has_its_statement_and_its_list():
    assert STATEMENTS.keys() == definitions().keys()
    assert definitions().keys() <= SELECTED.keys()
    assert all(row.among in {"", *definitions()} for row in definitions().values())


def test_a_part_is_never_more_than_what_it_is_a_part_of(portfolio):
    facts = facts_in(Period())

    figures = [figure_of(key, facts) for key, row in definitions().items() if row.among]

    assert all(figure.count <= figure.among for figure in figures)
    assert sum(figure.count > 0 for figure in figures) == len(figures)


def test_erasing_the_streams_of_a_customer_takes_it_out_of_the_rate_and_is_told(portfolio):
    before = facts_in(Period())
    gone = items_of("hybrid", before)[0].of
    hybrid, known, executed = (figure_of(key, before) for key in ("hybrid", "streams_known", "executed"))

    Stream.objects.filter(engagement=gone.pk).delete()
    after = facts_in(Period())

    rate = figure_of("hybrid", after)
    assert (rate.count, rate.among) == (hybrid.count - 1, hybrid.among - 1)
    assert rate.among == figure_of("streams_known", after).count == known.count - 1
    assert gone.code in {item.of.code for item in items_of("streams_gone", after)}
    assert gone.code not in {item.of.code for item in items_of("streams_gone", before)}
    assert figure_of("executed", after).count == executed.count
    assert rate.among + figure_of("streams_gone", after).count == executed.count


def test_the_tables_are_what_sql_counts(portfolio):
    for period, bounds in PERIODS:
        facts = facts_in(period)
        counted = {month.key: dict(named(month.counts)) for month in months_of(facts, facts[0].begun)}
        signed = {key: row["month_signed"] for key, row in counted.items() if row["month_signed"]}
        tiers = [(row.label, row.count, row.planned, row.actual) for row in tier_days(facts)]
        work = [(row.tier, row.count, row.days, row.fee) for row in tier_work(facts)]
        constructs = [(row.kind, row.name, row.engagements, row.times) for row in constructs_of(facts)]

        assert signed == dict(in_sql(MONTHS, bounds))
        assert tiers == [(tier, count, *map(number_text, days)) for tier, count, *days in in_sql(TIERS, bounds)]
        assert work == [
            (tier, count, number_text(days), amount_text(Decimal(fee), "USD"))
            for tier, count, days, fee in in_sql(WORK, bounds)
        ]
        assert constructs == in_sql(CONSTRUCTS, bounds)
        assert len(with_construct(facts, *constructs[0][:2])) == constructs[0][2]


def named(counts):
    return [(row.key, count) for row, count in counts]


def test_moments_are_the_same_for_readers_in_every_zone(portfolio):
    def moves():
        return [fact.moves for fact in facts_in(Period())]

    in_utc = moves()
    with timezone.override("Asia/Kolkata"):
        assert moves() == in_utc
    with timezone.override("Etc/GMT+5"):
        assert moves() == in_utc
    assert any(in_utc)
