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


def test_short_slices_are_counted_by_what_they_hold():
    octets = Octets(b"0.1\n12\n0.1\n00000.01\n")

    counted = octets.counted(octets.begins, octets.ends)

    assert counted == {
        int.from_bytes(text, "little"): count for text, count in ((b"0.1", 2), (b"12", 1), (b"00000.01", 1))
    }


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
