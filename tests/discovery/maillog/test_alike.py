"""Rows that say the same are found as a dictionary would find them."""

from collections import Counter

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from discovery.maillog.alike import alike, counted, numbered, stand_ins

NUMBERS = st.lists(st.one_of(st.integers(0, 5), st.integers(0, 2**64 - 1)), max_size=300)
FACTOR = 0x9E3779B97F4A7C15


def column(numbers):
    return np.array(numbers, np.uint64)


@given(numbers=NUMBERS)
@example(numbers=[pow(FACTOR, -1, 2**64) * number % 2**64 for number in (1, 2, 3, 1, 2)])  # all for one slot at first
def test_each_row_is_stood_in_for_by_the_last_one_like_it(numbers):
    last = {number: row for row, number in enumerate(numbers)}

    found = stand_ins(column(numbers))

    assert found.tolist() == [last[number] for number in numbers]


@given(numbers=NUMBERS)
def test_different_marks_are_numbered_without_a_gap(numbers):
    rows, kinds = numbered(column(numbers))

    assert column(numbers)[rows][kinds].tolist() == numbers
    assert len(rows) == len(set(numbers))


@given(pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_rows_are_counted_that_agree_in_every_column(pairs):
    left, right = (column([pair[side] for pair in pairs]) for side in (0, 1))

    rows, counts = alike(left, right)

    found = dict(zip(zip(left[rows].tolist(), right[rows].tolist(), strict=True), counts, strict=True))
    assert found == Counter(pairs)


@given(texts=st.lists(st.text("0123456789./", min_size=1, max_size=8)))
def test_columns_are_counted_apart(texts):
    numbers = [int.from_bytes(text.encode(), "little") for text in texts]
    others = [numbers[0] for _ in numbers]

    found = counted({"one": column(numbers), "other": column(others)})

    assert found == {"one": Counter(numbers), "other": Counter(others)}
