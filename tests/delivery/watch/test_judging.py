"""Pure: when a figure has moved, what a day has to show, and what is too little to say anything."""

from datetime import UTC, date, datetime

import pytest

from delivery.ramp.judging import Figures
from delivery.watch.baseline import ALL_DAY, Frozen, LogHour, cells_of, short_words, wholes_of
from delivery.watch.book import load_watch
from delivery.watch.judging import Counts, Mark, is_crossed, judge

FAILURE, LATENCY = load_watch().rule("failure"), load_watch().rule("latency")
MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("counts", "mark"),
    [
        (Counts(10, 1_000, 0.01, 10_000), Mark.STEADY),
        (Counts(35, 1_000, 0.01, 10_000), Mark.DRIFTED),  # below 5 %, and surely more than 1 % worse
        (Counts(20, 1_000, 0.01, 10_000), Mark.INCONCLUSIVE),
        (Counts(80, 1_000, 0.08, 10_000), Mark.DRIFTED),  # no worse, but beyond what receivers take
        (Counts(10, 1_000), Mark.INCONCLUSIVE),  # nothing to compare with
        (Counts(10, 1_000, 0.01, 199), Mark.INCONCLUSIVE),
        (Counts(100, 199, 0.01, 10_000), Mark.INCONCLUSIVE),
        (None, Mark.INCONCLUSIVE),
    ],
)
def test_only_what_is_sure_has_moved_and_only_what_is_known_is_steady(counts, mark):
    assert judge(FAILURE, counts).mark is mark


def test_a_rule_without_a_baseline_is_judged_by_its_own_limit_alone():
    marks = [judge(LATENCY, Counts(count, 1_000)).mark for count in (100, 200, 300)]

    assert marks == [Mark.STEADY, Mark.INCONCLUSIVE, Mark.DRIFTED]


def test_a_span_is_crossed_when_each_of_its_days_is():
    good, bad = Counts(1, 1_000, 0.001, 9_000), Counts(90, 1_000, 0.001, 9_000)

    assert is_crossed(FAILURE, [bad, bad], bad)
    assert not is_crossed(FAILURE, [good, bad], bad)
    assert not is_crossed(FAILURE, [bad], bad)
    assert not is_crossed(FAILURE, [bad, None], bad)


def hour(at, *, day=MONDAY, zone="UTC", provider="Google", delivered=90, bounced=10, deferred=0):
    return LogHour(day, at, zone, provider, delivered, bounced, deferred)


def test_hours_of_hosts_in_other_zones_stand_at_the_hour_of_the_baseline():
    cells = cells_of([hour(1, zone="America/New_York"), hour(6), hour(23, zone="America/New_York")], "UTC")

    assert cells == {"Google": [[0, 6, 180, 20, 0], [1, 4, 90, 10, 0]]}


def test_one_log_without_hours_makes_all_of_them_days():
    cells = cells_of([hour(9), hour(ALL_DAY, day=date(2026, 11, 3))], "UTC")

    assert cells == {"Google": [[0, ALL_DAY, 90, 10, 0], [1, ALL_DAY, 90, 10, 0]]}


def frozen(cells, wholes=(), *, is_hourly=True):
    return Frozen({"zone": "UTC", "is_hourly": is_hourly, "cells": cells, "wholes": wholes_of(wholes), "classes": {}})


def at(hour):
    return datetime(2026, 11, 9, hour, tzinfo=UTC)  # a Monday


def test_the_baseline_is_weighed_by_what_is_sent_now():
    """Nine in ten go out at 9:00, where Postfix failed with 20 %, the rest at 10:00, where it failed with none."""
    base = frozen({"Google": [[0, 9, 80, 20, 0], [0, 10, 900, 0, 0], [1, 9, 0, 50, 0]]})

    found = base.expected("failure", "Google", [(at(9), Figures(80, 10)), (at(10), Figures(10, 0))])

    assert found.share == pytest.approx(0.18)
    assert (found.of, found.of_now) == (1_000, 100)


def test_attempts_become_recipients_and_what_expired_is_added():
    whole = {"name": "Google", "sent": 980, "bounced": 10, "expired": 10, "deferrals": 400, "put_off": 100}
    base = frozen({"Google": [[0, 9, 100, 0, 40]]}, [whole])

    put_off = base.expected("deferral", "Google", [(at(9), Figures(50, 0, 5))])
    failed = base.expected("failure", "Google", [(at(9), Figures(50, 0, 5))])

    assert put_off.share == pytest.approx(0.10)  # four attempts a recipient
    assert failed.share == pytest.approx(0.01)


def test_a_baseline_of_days_is_compared_by_the_weekday():
    base = frozen({"Google": [[0, ALL_DAY, 90, 10, 0]]}, is_hourly=False)

    found = base.expected("failure", "Google", [(at(3), Figures(10, 0))])

    assert found.share == pytest.approx(0.10)
    assert "kept no hours" in base.kind_words


def test_fewer_days_than_needed_are_said_to_be_short():
    assert short_words(13, 14) == "Short: 13 days of the 14 that a baseline needs."
    assert short_words(14, 14) == ""


def test_the_expected_dip_falls_and_comes_back():
    losses = [load_watch().dip.loss_in(week) for week in (1, 3, 4, 5, 6, 12)]

    assert losses == [0.03, 0.03, 0.02, 0.01, 0.01, 0.01]
