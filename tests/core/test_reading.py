"""What a page reads once, and that nothing is kept outside of it."""

import pytest

from core.reading import one_reading, read_once


@pytest.fixture
def asked():
    """The questions that were really asked."""
    return []


@pytest.fixture
def square(asked):
    @read_once
    def square(number, *, sign=1):
        asked.append((number, sign))
        return [sign * number * number]

    return square


def test_inside_a_reading_the_same_question_is_asked_once(square, asked):
    with one_reading():
        first, second = square(3), square(3)

    assert first is second
    assert asked == [(3, 1)]


def test_another_question_is_asked_for_itself(square, asked):
    with one_reading():
        answers = [square(3), square(4), square(3, sign=-1)]

    assert answers == [[9], [16], [-9]]
    assert asked == [(3, 1), (4, 1), (3, -1)]


def test_outside_of_a_reading_it_is_asked_each_time(square, asked):
    square(3)
    square(3)

    assert asked == [(3, 1), (3, 1)]


def test_a_reading_leaves_nothing_to_the_next_one(square, asked):
    for _ in range(2):
        with one_reading():
            square(3)
    square(3)

    assert asked == [(3, 1)] * 3


def test_a_reading_that_breaks_is_over_as_well(square, asked):
    square(3)

    with pytest.raises(TypeError), one_reading():
        square("three")
    square(3)

    assert asked == [(3, 1), ("three", 1), (3, 1)]
