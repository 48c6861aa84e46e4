"""Marks of many slices are those of one slice, and equal slices only."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from discovery.maillog.octets import Memory, Octets, mark

WORDS = st.lists(st.binary(min_size=1, max_size=40).map(lambda text: text.replace(b"\n", b"")), min_size=1)


@given(words=WORDS)
def test_marks_of_many_slices_are_the_marks_of_each(words):
    octets = Octets(b"\n".join(words) + b"\n")

    marks = octets.marks(octets.begins, octets.ends).tolist()

    assert marks == [mark(word) for word in words]
    assert len(set(marks)) == len(set(words))
    assert octets.cut(octets.begins, octets.ends) == words


def test_a_mark_depends_on_every_byte_and_on_the_length():
    words = [b"a" * 20, b"b" + b"a" * 19, b"a" * 19 + b"b", b"a" * 21, b"\0" + b"a" * 20, b"", b"\0"]

    assert len({mark(word) for word in words}) == len(words)


def test_short_slices_become_the_numbers_of_their_bytes():
    octets = Octets(b"0.1\n12\n0.1\n00000.01\n")

    numbers = octets.short(octets.begins, octets.ends).tolist()

    assert numbers == [int.from_bytes(text, "little") for text in (b"0.1", b"12", b"0.1", b"00000.01")]


@given(words=WORDS)
def test_the_first_sign_of_a_kind_is_found_within_reach(words):
    octets = Octets(b"\n".join(words) + b"\n")

    found = octets.first(b"a", octets.begins, 2) - octets.begins

    reach = [octets.text[begin : begin + 16].find(b"a") for begin in octets.begins.tolist()]
    assert found.tolist() == [16 if place < 0 else place for place in reach]


@given(words=st.lists(st.one_of(st.integers(0, 10**9).map(b"%d".__mod__), st.binary(max_size=9))))
def test_whole_numbers_are_read_and_nothing_else(words):
    octets = Octets(b"".join(word.replace(b"\n", b"-") + b"\n" for word in words) or b"\n")

    numbers, fits = octets.whole_numbers(octets.begins, octets.ends)

    texts = octets.cut(octets.begins, octets.ends)
    assert fits.tolist() == [text.isdigit() and len(text) <= 8 for text in texts]
    assert numbers[fits].tolist() == [int(text) for text, fit in zip(texts, fits, strict=True) if fit]


def test_a_value_is_made_once_for_equal_slices():
    octets, made = Octets(b"one\ntwo\none\n"), []
    memory = Memory()

    for _ in range(2):
        found = memory.recall(octets.marks(octets.begins, octets.ends), lambda row: made.append(row) or f"row {row}")

    assert found == ["row 0", "row 1", "row 0"]
    assert made == [0, 1]


def test_looking_behind_the_last_line_finds_nothing():
    octets = Octets(b"to=<\n")

    assert octets.has(octets.ends, b"\nto=<").tolist() == [False]
    assert octets.places(b"@").tolist() == [len(octets.text) - 64]
    assert np.array_equal(octets.places(b"<"), [64 + 3, len(octets.text) - 64])
