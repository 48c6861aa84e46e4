"""Old against new: pass, fail, or too little is known. Intervals as the literature computes them."""

import pytest

from delivery.ramp.book import Limit, load_plan
from delivery.ramp.judging import Figures, Outcome, judge, together
from delivery.ramp.shares import newcombe, wilson

LIMIT = Limit("failure", "Delivery failure", of="ended", most=0.05, above=0.01, fewest=200)
POSTFIX = Figures(delivered=9_900, failed=100)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (20, 20, 0.8389, 1.0)],
)
def test_the_interval_of_a_share_is_the_one_newcombe_tabulated_in_1998(count, of, low, high):
    assert wilson(count, of) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"), [((56, 70), (48, 80), 0.0524, 0.3339), ((10, 10), (0, 10), 0.6075, 1.0)]
)
def test_the_interval_of_a_difference_is_the_one_newcombe_tabulated_in_1998(first, second, low, high):
    assert newcombe(*first, *second) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("delivered", "failed", "outcome"),
    [
        (9_900, 100, Outcome.PASS),
        (9_000, 1_000, Outcome.FAIL),  # above 5 %
        (9_650, 350, Outcome.FAIL),  # below 5 %, but worse than Postfix by more than 1 %
        (990, 12, Outcome.INCONCLUSIVE),  # looks the same, but may be worse by 1.1 %
        (150, 0, Outcome.INCONCLUSIVE),  # nothing failed, of too few
    ],
)
def test_a_limit_passes_only_when_both_intervals_lie_within_it(delivered, failed, outcome):
    assert judge(LIMIT, POSTFIX, Figures(delivered=delivered, failed=failed)).outcome is outcome


def test_without_postfix_to_compare_with_nothing_passes():
    judged = judge(LIMIT, Figures(), Figures(delivered=9_900, failed=100))

    assert judged.outcome is Outcome.INCONCLUSIVE
    assert judged.why == "0 recipients on Postfix; 200 are needed."


def test_what_is_only_observed_neither_fails_nor_holds():
    limits = load_plan().limits
    good = Figures(delivered=99_000, failed=1_000, deferred=100, timed=90_000, slow=10)
    judged = [judge(limit, good, good) for limit in limits]

    assert {each.key for each in judged if each.outcome is Outcome.INCONCLUSIVE} == {"complaint"}
    assert together(judged) is Outcome.PASS


def test_one_doubt_holds_and_one_failure_fails():
    good, few = judge(LIMIT, POSTFIX, POSTFIX), judge(LIMIT, POSTFIX, Figures(delivered=10))
    bad = judge(LIMIT, POSTFIX, Figures(delivered=500, failed=500))

    assert together([good, few]) is Outcome.INCONCLUSIVE
    assert together([good, few, bad]) is Outcome.FAIL
    assert together([]) is Outcome.INCONCLUSIVE
