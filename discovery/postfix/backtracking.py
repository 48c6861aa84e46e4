r"""Finds expressions that take exponential time in an engine that backtracks, by their structure alone.

Two ways to match one text double with each letter: a repetition in a repetition that could match its surroundings
too, `([a-z.]+\.)+$`, and a repeated choice between letters that overlap, `(\w|\d)*:`. Something that can fail has to
follow, or the first way would do. Nothing is matched here, so nothing can take long. Choices between longer texts
that overlap, `(a|ab|b)*:`, are not told.
"""

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Letters = frozenset[int]
MANY = 25  # a counted repetition of so many is as bad as one without an end
FEW_DIGITS = 4
LONGEST = 4000
DEEPEST = 40
ALL: Letters = frozenset(range(256))


def letters_of(text: str) -> Letters:
    """The bytes of some letters, those of ASCII in both cases: Postfix ignores case unless told otherwise."""
    return frozenset(ord(each) & 0xFF for letter in text for each in both_cases(letter))


def both_cases(letter: str) -> tuple[str, ...]:
    """Beware: beyond ASCII the other case of one letter may be several."""
    return (letter.lower(), letter.upper()) if letter.isascii() else (letter,)


WORD, DIGIT, BLANK = (
    letters_of(string.ascii_letters + string.digits + "_"),
    letters_of(string.digits),
    letters_of(" \t\r\n\f\v"),
)
CLASSES = {"w": WORD, "d": DIGIT, "s": BLANK, "W": ALL - WORD, "D": ALL - DIGIT, "S": ALL - BLANK}
NAMED = {
    "alpha": letters_of(string.ascii_letters), "digit": DIGIT, "alnum": WORD - letters_of("_"),
    "space": BLANK, "blank": letters_of(" \t"), "punct": letters_of(string.punctuation), "word": WORD,
    "upper": letters_of(string.ascii_letters), "lower": letters_of(string.ascii_letters),
    "xdigit": letters_of(string.hexdigits),
}  # fmt: skip
CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}


GROUP = re.compile(r"\?(?:P?<[A-Za-z_]\w*>|'\w+'|<?[=!]|>|\||[a-zA-Z^-]*:?)")


@dataclass(slots=True)
class Node:
    """One part of an expression: letters, or a group with branches; `least` is 0 when it may be absent."""

    letters: Letters = frozenset()
    branches: list[list["Node"]] = field(default_factory=list)
    least: int = 1
    is_endless: bool = False
    is_check: bool = False
    is_final: bool = False

    def is_within(self, letters: Letters) -> bool:
        """Whether it can match a text of these letters only, or nothing at all."""
        if self.least == 0 or self.is_check:
            return True
        if not self.branches:
            return not self.letters.isdisjoint(letters)
        return any(all(part.is_within(letters) for part in branch) for branch in self.branches)

    def can_fail(self) -> bool:
        return self.is_check or (self.least > 0 and (not self.branches or all(map(any_fails, self.branches))))


def any_fails(parts: Sequence[Node]) -> bool:
    return any(part.can_fail() for part in parts)


class TooDeepError(ValueError):
    """More groups or quantifiers within each other than anybody writes by hand."""


class Reader:
    """Reads one expression, in the language that regexp and pcre tables have in common and the groups of PCRE."""

    def __init__(self, text: str) -> None:
        """Begin at the first letter."""
        self.text = text
        self.at = 0
        self.piled = 0

    def branches(self, depth: int = 0) -> list[list[Node]]:
        """Everything up to the end of the group; raises TooDeepError."""
        if depth > DEEPEST:
            raise TooDeepError
        found: list[list[Node]] = [[]]
        while self.at < len(self.text) and self.text[self.at] != ")":
            if self.text[self.at] == "|":
                self.at += 1
                found.append([])
            else:
                found[-1].append(self.repeated(self.part(depth)))
        self.at += 1
        return found

    def part(self, depth: int) -> Node:
        letter = self.text[self.at]
        self.at += 1
        if letter == "(":
            return self.group(depth)
        if letter == "[":
            return Node(self.bracket())
        if letter == "\\":
            return self.escaped()
        if letter in "^$":
            return Node(is_check=True)
        return Node(ALL if letter == "." else letters_of(letter))

    def group(self, depth: int) -> Node:
        """A group; those that look around match nothing, and those that never give back are final."""
        opening = GROUP.match(self.text, self.at)
        kind = opening.group() if opening else ""
        self.at += len(kind)
        is_around = kind in {"?=", "?!", "?<=", "?<!"}
        return Node(branches=self.branches(depth + 1), is_check=is_around, is_final=kind == "?>")

    def escaped(self) -> Node:
        letter = self.text[self.at : self.at + 1]
        self.at += 1
        if letter in CLASSES:
            return Node(CLASSES[letter])
        if letter in {"b", "B", "A", "Z", "z", "G", "K", "<", ">"}:
            return Node(is_check=True)
        return Node(ALL if is_number(letter) else letters_of(CONTROLS.get(letter, letter)))

    def bracket(self) -> Letters:
        """The letters of `[...]`."""
        is_negated = self.text[self.at : self.at + 1] == "^"
        self.at += is_negated
        found: set[int] = set()
        first = self.at
        while self.at < len(self.text) and (self.text[self.at] != "]" or self.at == first):
            found |= self.element()
        self.at += 1
        return ALL - found if is_negated else frozenset(found)

    def element(self) -> Letters:
        """One letter, range or class within brackets."""
        if self.text.startswith("[:", self.at) and (end := self.text.find(":]", self.at)) > 0:
            name, self.at = self.text[self.at + 2 : end], end + 2
            return NAMED.get(name, ALL)
        letter = self.text[self.at]
        self.at += 1
        if letter == "\\" and self.at < len(self.text):
            return self.escaped().letters
        last = self.text[self.at + 1 : self.at + 2]
        if self.text[self.at : self.at + 1] == "-" and last not in ("", "]"):
            self.at += 2
            return frozenset().union(
                *(letters_of(chr(each)) for each in range(ord(letter) & 0xFF, (ord(last) & 0xFF) + 1))
            )
        return letters_of(letter)

    def repeated(self, node: Node) -> Node:
        """The node with the quantifiers that follow it; raises TooDeepError."""
        while self.at < len(self.text) and (bounds := self.bounds()):
            least, is_endless = bounds
            if self.text[self.at : self.at + 1] == "+":
                self.at += 1
                is_endless = False
            elif self.text[self.at : self.at + 1] == "?":
                self.at += 1
            if node.is_endless and is_endless:
                self.piled += 1
                if self.piled > DEEPEST:
                    raise TooDeepError
                node = Node(branches=[[node]])
            node.least, node.is_endless = min(node.least, least), node.is_endless or is_endless
        return node

    def bounds(self) -> tuple[int, bool] | None:
        """(at least, without an end) of a quantifier, which is read; None where there is none."""
        letter = self.text[self.at]
        if letter in "*+?":
            self.at += 1
            return (letter == "+") * 1, letter != "?"
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at + 1 : end].partition(",")
        if letter != "{" or end < 0 or not is_number(least) or (most and not is_number(most)):
            return None
        self.at = end + 1
        return min(number_of(least), 1), bool(comma and not most) or number_of(most or least) >= MANY


def is_number(text: str) -> bool:
    """Beware: digits of other scripts are digits too, and some of them, such as superscripts, are no numbers."""
    return text.isascii() and text.isdecimal()


def number_of(digits: str) -> int:
    """Any number of more than four digits counts as ten thousand: more than MANY is all that is asked."""
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= FEW_DIGITS else 10**FEW_DIGITS


def is_exponential(pattern: str) -> bool:
    """Whether the time for some text doubles with each letter; False for what cannot be told."""
    if len(pattern) > LONGEST:
        return False
    try:
        branches = Reader(pattern).branches()
    except TooDeepError:
        return False
    return any(is_risky(branch, is_followed=False) for branch in branches)


def is_risky(parts: Sequence[Node], *, is_followed: bool) -> bool:
    """Whether one of these parts is a repetition with two ways, followed by something that can fail."""
    for position, part in enumerate(parts):
        follows = is_followed or any_fails(parts[position + 1 :])
        if part.is_final or not part.branches:
            continue
        if part.is_endless and follows and has_two_ways(part):
            return True
        if any(is_risky(branch, is_followed=follows or part.is_endless) for branch in part.branches):
            return True
    return False


def has_two_ways(group: Node) -> bool:
    return any(map(is_swallowed, group.branches)) or are_overlapping(group.branches)


def is_swallowed(branch: Sequence[Node]) -> bool:
    """Whether a repetition in the branch could match everything else of it, so that nobody knows who matched what."""
    for position, part in enumerate(branch):
        around = [*branch[:position], *branch[position + 1 :]]
        for letters in endless_letters(part):
            if all(each.is_within(letters) for each in around):
                return True
    return False


def endless_letters(part: Node) -> Iterator[Letters]:
    """The letters of each repetition that is this part, or stands alone in a branch of it."""
    if part.is_check or part.is_final:
        return
    if part.is_endless and not part.branches:
        yield part.letters
    for branch in part.branches:
        if len(branch) == 1:
            single = branch[0]
            yield from endless_letters(single)
            if part.is_endless and not single.branches:
                yield single.letters


def are_overlapping(branches: Sequence[Sequence[Node]]) -> bool:
    """Whether two branches are one letter each and have one in common."""
    seen: set[int] = set()
    for branch in branches:
        if len(branch) == 1 and not branch[0].branches and not branch[0].is_check:
            if not seen.isdisjoint(branch[0].letters):
                return True
            seen |= branch[0].letters
    return False
