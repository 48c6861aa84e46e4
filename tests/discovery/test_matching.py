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
    state: str = "open"
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
        ([Known(1, "a", "x = 1")], [Said("b", "x = 2", instance="second")], [], [(1, ("b", 0))], [], []),
        (
            [Known(1, "a", "x", file="")],
            [Said("b", "x", file="", instance="second")],
            [],
            [],
            [("b", 0)],
            [1],
        ),
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


def lines(path, *evidence, instance="postfix"):
    return [Said(f"{path}:{text}", text, file=path, instance=instance) for text in evidence]


def known_lines(path, *evidence, start=1, instance="postfix"):
    found = lines(path, *evidence)
    return [
        Known(number, one.fingerprint, one.evidence, file=path, instance_name=instance)
        for number, one in enumerate(found, start)
    ]


def matched(known, said):
    matching = match(known, by_key(said))
    same = {finding.number: key[0] for finding, key in matching.same}
    changed = {finding.number: key[0] for finding, key in matching.changed}
    return same, changed, [key[0] for key in matching.new], [finding.number for finding in matching.gone]


def test_lines_of_a_renamed_file_are_the_same_lines():
    known = known_lines("etc/postfix-b/main.cf", "x = 1", "y = 1", "z = 1", instance="postfix-b")
    said = lines("etc/postfix-out/main.cf", "x = 1", "y = 2", "z = 1", instance="postfix-out")

    same, changed, new, gone = matched(known, said)

    assert same == {1: "etc/postfix-out/main.cf:x = 1", 3: "etc/postfix-out/main.cf:z = 1"}
    assert changed == {2: "etc/postfix-out/main.cf:y = 2"}
    assert (new, gone) == ([], [])


def test_two_renamed_instances_are_not_mistaken_for_each_other():
    known = [*known_lines("a/main.cf", "x = 1", "y = 1"), *known_lines("b/main.cf", "x = 2", "y = 2", start=3)]
    said = [*lines("c/main.cf", "x = 2", "y = 2"), *lines("d/main.cf", "x = 1", "y = 1")]

    same, changed, new, gone = matched(known, said)

    assert {number: key.partition("/")[0] for number, key in same.items()} == {1: "d", 2: "d", 3: "c", 4: "c"}
    assert (changed, new, gone) == ({}, [], [])


def test_a_file_that_is_still_there_was_not_renamed():
    known = known_lines("a/main.cf", "x = 1", "y = 1")
    said = [*lines("a/main.cf", "y = 1"), *lines("b/main.cf", "x = 1")]

    same, changed, new, gone = matched(known, said)

    assert same == {2: "a/main.cf:y = 1"}
    assert (changed, new, gone) == ({}, ["b/main.cf:x = 1"], [1])


def test_another_file_with_one_line_in_common_is_another_file():
    known = known_lines("a/main.cf", "w = 1", "x = 1", "y = 1")
    said = lines("b/master.cf", "w = 1", "p = 1", "q = 1")

    same, _, new, gone = matched(known, said)

    assert (same, len(new), gone) == ({}, 3, [1, 2, 3])


TWICE = "0123456789abcdef"


@pytest.mark.parametrize(
    ("states", "stays", "gone"),
    [
        (("open", "open"), 1, 2),
        (("dismissed", "open"), 2, 1),
        (("open", "dismissed"), 1, 2),
        (("dismissed", "accepted"), 2, 1),
        (("dismissed", "dismissed"), 1, 2),
    ],
)
def test_of_two_equal_lines_the_one_without_a_decision_stays(states, stays, gone):
    known = [
        Known(1, TWICE, "x = 1", state=states[0]),
        Known(2, f"{TWICE}-2", "x = 1", state=states[1]),
    ]

    matching = match(known, by_key([Said(TWICE, "x = 1")]))

    assert numbers(matching.same) == [(stays, (TWICE, 0))]
    assert [finding.number for finding in matching.gone] == [gone]
    assert numbers(matching.rekeyed) == ([] if gone == 2 else [(1, (f"{TWICE}-2", 0))])


def test_of_two_equal_lines_a_dismissed_one_opens_again_when_one_of_them_changes():
    known = [Known(1, TWICE, "x = 1", state="dismissed"), Known(2, f"{TWICE}-2", "x = 1")]

    matching = match(known, by_key([Said("b", "x = 2"), Said(TWICE, "x = 1")]))

    assert numbers(matching.same) == [(2, (TWICE, 0))]
    assert numbers(matching.changed) == [(1, ("b", 0))]
    assert matching.rekeyed == []
