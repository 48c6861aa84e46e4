from dataclasses import dataclass

import pytest

from discovery.matching import by_key, match


@dataclass
class Said:
    fingerprint: str
    evidence: str
    rule: str = "unknown-name"
    file: str = "main.cf"
    instance: str = "postfix"


@dataclass
class Known:
    number: int
    fingerprint: str
    evidence: str
    rule: str = "unknown-name"
    file: str = "main.cf"
    instance_name: str = "postfix"
    occurrence: int = 0
    is_gone: bool = False


def numbers(pairs):
    return [(finding.number, key) for finding, key in pairs]


def test_equal_fingerprints_are_told_apart_by_their_order():
    assert list(by_key([Said("a", "x = 1"), Said("a", "x = 1"), Said("b", "y = 1")])) == [("a", 0), ("a", 1), ("b", 0)]


@pytest.mark.parametrize(
    ("known", "said", "same", "changed", "new", "gone"),
    [
        ([], [Said("a", "x = 1")], [], [], [("a", 0)], []),
        ([Known(1, "a", "x = 1")], [Said("a", "x = 1")], [(1, ("a", 0))], [], [], []),
        ([Known(1, "a", "x = 1")], [Said("b", "x = 2")], [], [(1, ("b", 0))], [], []),
        ([Known(1, "a", "x = 1")], [Said("b", "y = 2")], [], [], [("b", 0)], [1]),
        ([Known(1, "a", "x = 1")], [Said("b", "x = 2", rule="other")], [], [], [("b", 0)], [1]),
        ([Known(1, "a", "x = 1")], [Said("b", "x = 2", instance="second")], [], [], [("b", 0)], [1]),
        ([Known(1, "a", "x = 1", is_gone=True)], [Said("a", "x = 1")], [(1, ("a", 0))], [], [], []),
        ([Known(1, "a", "x = 1", is_gone=True)], [Said("b", "x = 2")], [], [], [("b", 0)], []),
        (
            [Known(1, "a", "x = 1"), Known(2, "b", "x = 2")],
            [Said("c", "x = 3"), Said("d", "x = 4")],
            [],
            [(1, ("c", 0)), (2, ("d", 0))],
            [],
            [],
        ),
        (
            [Known(1, "a", "x = 1"), Known(2, "a", "x = 1", occurrence=1)],
            [Said("a", "x = 1")],
            [(1, ("a", 0))],
            [],
            [],
            [2],
        ),
    ],
)
def test_what_is_which(known, said, same, changed, new, gone):
    matching = match(known, by_key(said))

    assert numbers(matching.same) == same
    assert numbers(matching.changed) == changed
    assert matching.new == new
    assert [finding.number for finding in matching.gone] == gone
