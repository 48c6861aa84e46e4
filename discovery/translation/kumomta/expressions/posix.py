"""Reads the extended expressions of regexp tables as the GNU C library does (regex(7), regcomp(3))."""

import re

from discovery.translation.kumomta.expressions.alphabet import (
    CLASSES,
    EVERY,
    NEWLINE,
    SPACE,
    WORD,
    complement,
    in_both_cases,
)
from discovery.translation.kumomta.expressions.cursor import Cursor, check_repeats
from discovery.translation.kumomta.expressions.tree import (
    Anchor,
    Bytes,
    Chars,
    Choice,
    Greed,
    Group,
    Node,
    Place,
    Repeat,
    Sequence,
    UnequalError,
    children_of,
    number_of,
)

STARTS = frozenset({Place.START, Place.LINE_START})
ENDS = frozenset({Place.END, Place.LINE_END})
BASIC = "The option x makes it a basic expression, whose language is not carried over."
REFERENCE = "It repeats what a group took, which KumoMTA does without looking for the longest match."
MISPLACED = "A repeat stands where there is nothing to repeat, so Postfix leaves the line out."
OPEN = "It has a bracket or a group without its end, so Postfix leaves the line out."
COLLATING = "It names a collating element of several letters."
ANCHORED = "An anchor stands in the middle, where the C library and KumoMTA differ around line feeds."
BACKWARDS = "It has a range or count that goes backwards, so Postfix leaves the line out."
COUNT = re.compile(r"\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\}", re.ASCII)
NAMED = re.compile(r"\[(?P<kind>[:.=])(?P<name>.*?)(?P=kind)\]", re.DOTALL)
REPEATS = {"*": (0, None), "+": (1, None), "?": (0, 1)}
SHORTHANDS = {"w": WORD, "W": complement(WORD), "s": SPACE, "S": complement(SPACE)}
ANCHORS = {
    ("^", False): Place.START,
    ("^", True): Place.LINE_START,
    ("$", False): Place.END,
    ("$", True): Place.LINE_END,
}
EDGES = {
    "b": Place.WORD_EDGE,
    "B": Place.NO_WORD_EDGE,
    "<": Place.WORD_START,
    ">": Place.WORD_END,
    "`": Place.START,
    "'": Place.END,
}


def read_posix(text: str, flags: str) -> Node:
    """The tree of an expression with the options of its line; raises UnequalError."""
    if flags.count("x") % 2:
        raise UnequalError(BASIC)
    reader = PosixReader(text, is_folded=flags.count("i") % 2 == 0, is_by_line=flags.count("m") % 2 == 1)
    return reader.whole()


class PosixReader:
    """`is_by_line` is REG_NEWLINE: a dot stops at line ends and anchors hold there."""

    def __init__(self, text: str, *, is_folded: bool, is_by_line: bool) -> None:
        """Begin at the start of an expression, one letter for each byte."""
        self.cursor = Cursor(text)
        self.is_folded, self.is_by_line = is_folded, is_by_line
        self.groups = 0
        self.depth = 0

    def whole(self) -> Node:
        tree = self.choice()
        check_anchors(tree, is_first=True, is_last=True)
        return tree

    def choice(self) -> Node:
        with self.cursor.deeper():
            branches = [self.sequence()]
            while self.cursor.has("|"):
                branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while not self.cursor.is_done and self.cursor.ahead != "|":
            if self.cursor.ahead == ")" and self.depth:
                break
            parts.append(self.repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self) -> Node:
        if self.cursor.ahead in REPEATS or self.cursor.match(COUNT):
            raise UnequalError(MISPLACED)
        node, repeats = self.atom(), 0
        while counts := self.counts():
            check_repeats(repeats := repeats + 1)
            if isinstance(node, Anchor):
                raise UnequalError(MISPLACED)
            node = Repeat(node, *counts, Greed.GREEDY)
        return node

    def counts(self) -> tuple[int, int | None] | None:
        """`(least, most)` of the repeat that comes next."""
        if self.cursor.ahead in REPEATS:
            return REPEATS[self.cursor.take()]
        found = self.cursor.match(COUNT)
        if not found:
            if self.cursor.ahead == "{":
                raise UnequalError(MISPLACED)
            return None
        least = number_of(found["least"] or "0")
        most = number_of(found["most"]) if found["most"] else (None if found["comma"] else least)
        if (most is not None and most < least) or not (found["least"] or found["most"]):
            raise UnequalError(BACKWARDS)
        return least, most

    def atom(self) -> Node:
        letter = self.cursor.take()
        if letter in "^$":
            return Anchor(ANCHORS[letter, self.is_by_line])
        if letter == "(":
            return self.group()
        if letter == "[":
            return Chars(self.bracket())
        if letter == ".":
            return Chars(EVERY - (NEWLINE if self.is_by_line else frozenset()) - {0})
        return self.escape(self.cursor.take()) if letter == "\\" else self.letter(ord(letter))

    def group(self) -> Node:
        self.groups += 1
        number = self.groups
        self.depth += 1
        body = self.choice()
        self.depth -= 1
        if not self.cursor.has(")"):
            raise UnequalError(OPEN)
        return Group(number, body)

    def escape(self, letter: str) -> Node:
        if letter in "123456789":
            raise UnequalError(REFERENCE)
        if letter in SHORTHANDS:
            return Chars(SHORTHANDS[letter])
        if letter in EDGES:
            return Anchor(EDGES[letter])
        return self.letter(ord(letter))

    def letter(self, member: int) -> Node:
        return Chars(self.folded(frozenset({member})))

    def folded(self, members: Bytes) -> Bytes:
        return in_both_cases(members) if self.is_folded else members

    def bracket(self) -> Bytes:
        """The set of `[...]`, whose backslashes mean themselves."""
        is_negated = self.cursor.has("^")
        members: Bytes = frozenset()
        is_first = True
        while is_first or self.cursor.ahead != "]":
            is_first = False
            members |= self.span()
        self.cursor.take()
        members = self.folded(members)
        if not is_negated:
            return members
        return complement(members) - (NEWLINE if self.is_by_line else frozenset()) - {0}

    def span(self) -> Bytes:
        """One letter, one range or one named class."""
        if self.cursor.is_done:
            raise UnequalError(OPEN)
        if self.cursor.text.startswith("[:", self.cursor.at):
            return self.named()
        first = self.end_of_range()
        rest = self.cursor.text[self.cursor.at : self.cursor.at + 2]
        if not rest.startswith("-") or rest in {"-", "-]"}:
            return frozenset({first})
        self.cursor.take()
        last = self.end_of_range()
        if last < first:
            raise UnequalError(BACKWARDS)
        return frozenset(range(first, last + 1))

    def end_of_range(self) -> int:
        found = self.cursor.match(NAMED)
        if not found:
            return ord(self.cursor.take())
        if found["kind"] == ":" or len(found["name"]) != 1:
            raise UnequalError(COLLATING)
        return ord(found["name"])

    def named(self) -> Bytes:
        found = self.cursor.match(NAMED)
        if not found or found["name"] not in CLASSES:
            raise UnequalError(OPEN)
        return CLASSES[found["name"]]


def check_anchors(node: Node, *, is_first: bool, is_last: bool) -> None:
    """Raise UnequalError for a start that something stands before, and for an end that something follows."""
    if isinstance(node, Anchor):
        if (node.place in STARTS and not is_first) or (node.place in ENDS and not is_last):
            raise UnequalError(ANCHORED)
        return
    children = children_of(node)
    is_row = isinstance(node, Sequence)
    for at, child in enumerate(children):
        is_opening = is_first and (not is_row or all(isinstance(each, Anchor) for each in children[:at]))
        is_closing = is_last and (not is_row or all(isinstance(each, Anchor) for each in children[at + 1 :]))
        is_once = not isinstance(node, Repeat)
        check_anchors(child, is_first=is_opening and is_once, is_last=is_closing and is_once)
