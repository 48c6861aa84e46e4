"""Different and repeated values are counted as a set would, and estimated past the cap."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.maillog.distinct import Distinct
from discovery.maillog.octets import mark


def marks(values):
    return np.array([mark(b"<%d@corp.example>" % value) for value in values], np.uint64)


@given(parts=st.lists(st.lists(st.integers(0, 30), max_size=40), max_size=5))
def test_parts_put_together_say_what_all_values_say(parts):
    whole = Distinct()
    for part in parts:
        one = Distinct()
        one.add(marks(part))
        whole.merge(one)

    counts = Counter(value for part in parts for value in part)

    assert (whole.different, whole.repeated) == (len(counts), sum(count > 1 for count in counts.values()))
    assert whole.is_exact


def test_what_passes_by_a_second_time_is_no_repetition():
    seen = Distinct()
    seen.add(marks([1, 2, 2, 3, 3]))

    seen.take_back(marks([2]))

    assert (seen.different, seen.repeated) == (3, 1)


def test_past_the_cap_the_answer_is_an_estimate_of_the_same_size(monkeypatch):
    monkeypatch.setattr("discovery.maillog.distinct.MOST_NEW", 3_000)
    seen = Distinct(cap=2_000)
    for begin in range(0, 20_000, 1_000):
        seen.add(marks(range(begin, begin + 1_000)))
    seen.add(marks(range(5_000)))

    assert len(seen.kept) <= 2_000
    assert not seen.is_exact
    assert seen.different == pytest.approx(20_000, rel=0.1)
    assert seen.repeated == pytest.approx(5_000, rel=0.15)
