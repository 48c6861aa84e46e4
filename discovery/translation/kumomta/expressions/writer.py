"""Writes a tree in the language of KumoMTA's `kumo.regex`, the Rust crate fancy-regex.

Only what that language, Perl's and Python's read alike is written: sets in full, and no shorthands, which mean Unicode
there. A text never ends in a line feed, so that `$` is the end of it in all of them.
"""

from itertools import pairwise

from discovery.translation.kumomta.expressions.alphabet import EVERY, LETTERS, WORD, in_both_cases, other_case
from discovery.translation.kumomta.expressions.tree import (
    Anchor,
    Atomic,
    Bytes,
    Chars,
    Choice,
    Group,
    Look,
    Node,
    Place,
    Reference,
    Repeat,
    Sequence,
    UnequalError,
    nodes_in,
)

OUTSIDE = frozenset(rb"\.+*?()|[]{}^$")
INSIDE = frozenset(rb"\[]^-&~|#")
FIRST_PRINTABLE, LAST_PRINTABLE = 0x20, 0x7E
HALF = 128
PAIR = 2
SHORTEST_RANGE = 3
LARGEST = 5_000
BEHIND = "It looks back over a part whose length is not fixed."
NEVER = "It holds a set without a member, which never matches."
TOO_LARGE = "Its repeats multiply to more than KumoMTA compiles."
ANCHORS = {Place.START: "^", Place.END: "$", Place.LINE_START: "(?m:^)", Place.LINE_END: "(?m:$)"}


def write_expression(tree: Node) -> str:
    """The expression; raises UnequalError."""
    if weight_of(tree) > LARGEST:
        raise UnequalError(TOO_LARGE)
    writer = Writer(folds=is_foldable(tree))
    return ("(?i)" if writer.folds else "") + writer.text_of(tree)


def is_foldable(tree: Node) -> bool:
    """Whether `(?i)` before the whole says the same: there are letters, always in both cases, and no other folds."""
    sets = [each.members for each in nodes_in(tree) if isinstance(each, Chars)]
    if any(isinstance(each, Reference) for each in nodes_in(tree)):
        return False
    return any(len(each & LETTERS) == PAIR for each in sets) and all(
        in_both_cases(each) == each and (not high_part(each) or high_part(each) == high_part(EVERY)) for each in sets
    )


def high_part(members: Bytes) -> Bytes:
    return frozenset(each for each in members if each >= HALF)


def weight_of(node: Node) -> int:
    """How large the expression becomes once its counted repeats are written out."""
    if isinstance(node, Repeat):
        return weight_of(node.body) * max(node.most or node.least, 1)
    if isinstance(node, Sequence):
        return sum(weight_of(part) for part in node.parts)
    if isinstance(node, Choice):
        return sum(weight_of(branch) for branch in node.branches)
    if isinstance(node, Group | Atomic | Look):
        return weight_of(node.body)
    return 1


class Writer:
    """`folds` says that `(?i)` stands in front, so that a letter is written in one case."""

    def __init__(self, *, folds: bool) -> None:
        """Fix how letters are written."""
        self.folds = folds

    def text_of(self, node: Node) -> str:
        if isinstance(node, Chars):
            return self.set_of(node.members)
        if isinstance(node, Anchor):
            return self.anchor(node.place)
        if isinstance(node, Sequence):
            return "".join(self.part(part) for part in node.parts)
        if isinstance(node, Choice):
            return "|".join(self.text_of(branch) for branch in node.branches)
        if isinstance(node, Reference):
            return f"(?:\\{node.number})"
        return self.wrapped(node)

    def wrapped(self, node: Group | Atomic | Look | Repeat) -> str:
        if isinstance(node, Group):
            return f"({self.text_of(node.body)})"
        if isinstance(node, Atomic):
            return f"(?>{self.text_of(node.body)})"
        if isinstance(node, Look):
            return self.look(node)
        most = "" if node.most is None else node.most
        counts = {(0, ""): "*", (1, ""): "+", (0, 1): "?"}
        count = counts.get((node.least, most), f"{{{node.least}}}")
        if count.startswith("{") and node.least != node.most:
            count = f"{{{node.least},{most}}}"
        body = self.text_of(node.body)
        atom = body if isinstance(node.body, Chars | Group | Reference) else f"(?:{body})"
        return f"{atom}{count}{node.greed.value}"

    def part(self, node: Node) -> str:
        text = self.text_of(node)
        return f"(?:{text})" if isinstance(node, Choice) else text

    def look(self, node: Look) -> str:
        """A look back is split at its alternatives, since each has to have one length."""
        sign = ("<" if node.is_behind else "") + ("!" if node.is_negative else "=")
        if not node.is_behind:
            return f"(?{sign}{self.text_of(node.body)})"
        branches = node.body.branches if isinstance(node.body, Choice) else (node.body,)
        for branch in branches:
            if length_of(branch) is None:
                raise UnequalError(BEHIND)
        looks = [f"(?{sign}{self.text_of(branch)})" for branch in branches]
        return "".join(looks) if node.is_negative or len(looks) == 1 else f"(?:{'|'.join(looks)})"

    def anchor(self, place: Place) -> str:
        word = self.set_of(WORD)
        edges = {
            Place.WORD_EDGE: f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))",
            Place.NO_WORD_EDGE: f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))",
            Place.WORD_START: f"(?<!{word})(?={word})",
            Place.WORD_END: f"(?<={word})(?!{word})",
        }
        return (edges | ANCHORS)[place]

    def set_of(self, members: Bytes) -> str:
        if not members:
            raise UnequalError(NEVER)
        if members == EVERY:
            return r"[\s\S]"
        shown = members - {other_case(each) for each in members if chr(each).islower()} if self.folds else members
        if len(shown) == 1:
            return escaped(next(iter(shown)), OUTSIDE)
        if len(members) > HALF:
            return f"[^{self.ranges(EVERY - members)}]"
        return f"[{self.ranges(members)}]"

    def ranges(self, members: Bytes) -> str:
        return "".join(range_text(first, last) for first, last in runs_of(members))


def runs_of(members: Bytes) -> list[tuple[int, int]]:
    ordered = sorted(members)
    breaks = [at for at, (one, other) in enumerate(pairwise(ordered), start=1) if other != one + 1]
    bounds = [0, *breaks, len(ordered)]
    return [(ordered[start], ordered[stop - 1]) for start, stop in pairwise(bounds)]


def range_text(first: int, last: int) -> str:
    if last - first + 1 < SHORTEST_RANGE:
        return "".join(escaped(each, INSIDE) for each in range(first, last + 1))
    return f"{escaped(first, INSIDE)}-{escaped(last, INSIDE)}"


def escaped(member: int, special: frozenset[int]) -> str:
    if not FIRST_PRINTABLE <= member <= LAST_PRINTABLE:
        return f"\\x{member:02X}"
    return f"\\{chr(member)}" if member in special else chr(member)


def length_of(node: Node) -> int | None:
    """How many bytes a match has, None when that varies."""
    if isinstance(node, Chars):
        return 1
    if isinstance(node, Anchor | Look):
        return 0
    if isinstance(node, Repeat):
        own = length_of(node.body)
        return own * node.least if own is not None and node.least == node.most else None
    if isinstance(node, Choice):
        lengths = {length_of(branch) for branch in node.branches}
        return lengths.pop() if len(lengths) == 1 else None
    if isinstance(node, Reference):
        return None
    return sum_of([length_of(child) for child in (node.parts if isinstance(node, Sequence) else (node.body,))])


def sum_of(lengths: list[int | None]) -> int | None:
    return None if None in lengths else sum(each for each in lengths if each is not None)
