"""Whether two engines must agree on what each group took, which matters where a result says `$1`."""

from itertools import combinations

from discovery.translation.kumomta.expressions.tree import (
    Anchor,
    Bytes,
    Chars,
    Choice,
    Group,
    Node,
    Place,
    Reference,
    Repeat,
    Sequence,
    UnequalError,
    children_of,
    may_be_empty,
    nodes_in,
)

WORDS = frozenset({Place.WORD_EDGE, Place.NO_WORD_EDGE, Place.WORD_START, Place.WORD_END})
EMPTY_ROUNDS = "A part that may be empty is repeated, and engines disagree about what its groups hold then."
LONGEST = (
    "The result uses $ parts, and in a regexp table the longest match decides what they hold; with {} the first "
    "match, which KumoMTA takes, may hold something else."
)


def check_captures(node: Node, *, is_used: bool, is_longest: bool) -> None:
    """Raise UnequalError where what the groups hold is not certain.

    `is_used` says that the result asks for them. `is_longest` is the rule of POSIX: of all matches from the first
    place, the longest. Over single bytes that repeat greedily one after the other, both rules take the same.
    """
    refers = any(isinstance(each, Reference) for each in nodes_in(node))
    if not (is_used or refers):
        return
    for each in nodes_in(node):
        if isinstance(each, Repeat) and may_be_empty(each.body) and has_group(each.body):
            raise UnequalError(EMPTY_ROUNDS)
        if is_longest and isinstance(each, Repeat) and not is_single(each.body):
            raise UnequalError(LONGEST.format("a part of several bytes repeated"))
        if is_longest and isinstance(each, Anchor) and each.place in WORDS:
            raise UnequalError(LONGEST.format("edges of words"))
        if is_longest and isinstance(each, Choice) and not are_exclusive(each.branches):
            raise UnequalError(LONGEST.format("alternatives that begin alike"))


def has_group(node: Node) -> bool:
    return any(isinstance(each, Group) for each in nodes_in(node))


def is_single(node: Node) -> bool:
    """One byte, whichever way it is wrapped."""
    if isinstance(node, Group):
        return is_single(node.body)
    if isinstance(node, Choice):
        return all(is_single(branch) for branch in node.branches)
    return isinstance(node, Chars)


def are_exclusive(branches: tuple[Node, ...]) -> bool:
    """No place in a text fits two of them."""
    openings = [opening_of(branch)[0] for branch in branches]
    return all(
        any(not (mine & theirs) for mine, theirs in zip(one, other, strict=False))
        for one, other in combinations(openings, 2)
    )


def opening_of(node: Node) -> tuple[tuple[Bytes, ...], bool]:
    """The sets of the bytes a match begins with, as far as each is certain, and whether that is all of it."""
    if isinstance(node, Chars):
        return (node.members,), True
    if isinstance(node, Anchor):
        return (), True
    if isinstance(node, Group | Sequence):
        found: tuple[Bytes, ...] = ()
        for child in children_of(node):
            more, is_whole = opening_of(child)
            found += more
            if not is_whole:
                return found, False
        return found, True
    return (), False
