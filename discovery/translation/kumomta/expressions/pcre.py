"""Reads the expressions of pcre tables as PCRE2 does without Unicode (pcre2pattern(3), pcre_table(5))."""

import re
from dataclasses import dataclass, replace

from discovery.translation.kumomta.expressions.alphabet import EVERY, NEWLINE, in_both_cases
from discovery.translation.kumomta.expressions.cursor import Cursor, check_repeats
from discovery.translation.kumomta.expressions.pcre_escapes import EscapeReader
from discovery.translation.kumomta.expressions.tree import (
    Anchor,
    Atomic,
    Bytes,
    Chars,
    Choice,
    Greed,
    Group,
    Look,
    Node,
    Place,
    Reference,
    Repeat,
    Sequence,
    UnequalError,
    number_of,
)

MISPLACED = "A repeat stands where there is nothing to repeat, or behind a condition of no length."
BACKWARDS = "It has a count that goes backwards or beyond what PCRE takes, so Postfix leaves the line out."
UNCLOSED = "It has a group without its end, or an end without its group, so Postfix leaves the line out."
SPACED_COUNT = "Versions of PCRE read this count differently, so it is not carried over."
UNKNOWN_GROUP = "The group (?{} has no equal in KumoMTA."
VERB = "It steers the search with a verb, (*...), which has no equal in KumoMTA."
FOLDED_REFERENCE = "It repeats what a group took whatever the case, which KumoMTA compares letter by letter."
OPEN_REFERENCE = "It repeats what a group took from within that group."
MOST = 65_535
COUNT = re.compile(r"\{(?P<least>\d+)(?:(?P<comma>,)(?P<most>\d*))?\}", re.ASCII)
ODD_COUNT = re.compile(r"\{[ \t]*(?:\d+[ \t]*(?:,[ \t]*\d*)?|,[ \t]*\d+)[ \t]*\}", re.ASCII)
OPTIONS = re.compile(r"(?P<on>[imsxU]*)(?:-(?P<off>[imsxU]*))?(?P<end>[:)])", re.ASCII)
NAME = re.compile(r"\(\?(?:P?<(?P<angled>[A-Za-z_]\w*)>|'(?P<quoted>[A-Za-z_]\w*)')", re.ASCII)
REFERENCE = re.compile(r"\(\?P=(?P<name>[A-Za-z_]\w*)\)", re.ASCII)
COMMENT = re.compile(r"\(\?#[^)]*\)")
IGNORED = re.compile(r"[ \t\n\x0b\x0c\r]+|#[^\n]*\n?")
REPEATS = {"*": (0, None), "+": (1, None), "?": (0, 1)}
ANCHORS = {
    ("^", False): Place.START,
    ("^", True): Place.LINE_START,
    ("$", False): Place.END,
    ("$", True): Place.LINE_END,
}
LOOKS = {"(?=": (False, False), "(?!": (False, True), "(?<=": (True, False), "(?<!": (True, True)}
SWITCHES = {"i": "folds", "m": "is_by_line", "s": "dot_takes_all", "x": "is_spaced", "U": "is_lazy"}


@dataclass(frozen=True, slots=True)
class Switches:
    """What the options say here; Postfix begins with i and s switched on."""

    folds: bool = True
    is_by_line: bool = False
    dot_takes_all: bool = True
    is_spaced: bool = False
    is_lazy: bool = False


def read_pcre(text: str, flags: str) -> Node:
    """The tree of an expression with the options of its line; raises UnequalError."""
    switches = Switches()
    for flag in flags:
        if flag in SWITCHES:
            name = SWITCHES[flag]
            switches = replace(switches, **{name: not getattr(switches, name)})
    reader = PcreReader(text, switches)
    tree = reader.whole()
    return Sequence((Anchor(Place.START), tree)) if flags.count("A") % 2 else tree


class PcreReader:
    """Reads one expression. `switches` change on the way and come back at the end of a group."""

    def __init__(self, text: str, switches: Switches) -> None:
        """Begin at the start of an expression, one letter for each byte."""
        self.cursor = Cursor(text)
        self.escapes = EscapeReader(self.cursor)
        self.switches = switches
        self.names: dict[str, int] = {}
        self.groups = 0
        self.opened: set[int] = set()

    def whole(self) -> Node:
        tree = self.choice()
        if not self.cursor.is_done:
            raise UnequalError(UNCLOSED)
        return tree

    def choice(self) -> Node:
        with self.cursor.deeper():
            branches = [self.sequence()]
            while self.cursor.has("|"):
                branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self) -> Node:
        parts: list[Node] = []
        self.skip()
        while self.cursor.ahead not in {"", "|", ")"}:
            parts += self.repeated()
            self.skip()
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def skip(self) -> None:
        """Comments, and blanks where they mean nothing."""
        while self.cursor.match(COMMENT) or (self.switches.is_spaced and self.cursor.match(IGNORED)):
            pass

    def repeated(self) -> list[Node]:
        """An atom with its repeat; none for what only changes options."""
        if self.cursor.ahead in REPEATS or self.cursor.match(COUNT):
            raise UnequalError(MISPLACED)
        nodes, repeats = self.atom(), 0
        self.skip()
        while counts := self.counts():
            check_repeats(repeats := repeats + 1)
            if not nodes or isinstance(nodes[-1], Anchor | Look) or nodes[-1] == Sequence(()):
                raise UnequalError(MISPLACED)
            nodes[-1] = Repeat(nodes[-1], *counts, self.greed())
            self.skip()
        return nodes

    def counts(self) -> tuple[int, int | None] | None:
        """`(least, most)` of the repeat that comes next."""
        if self.cursor.ahead in REPEATS:
            return REPEATS[self.cursor.take()]
        found = self.cursor.match(COUNT)
        if not found:
            if self.cursor.match(ODD_COUNT):
                raise UnequalError(SPACED_COUNT)
            return None
        least = number_of(found["least"])
        most = number_of(found["most"]) if found["most"] else (None if found["comma"] else least)
        if (most is not None and most < least) or max(least, most or 0) > MOST:
            raise UnequalError(BACKWARDS)
        return least, most

    def greed(self) -> Greed:
        if self.cursor.has("+"):
            return Greed.POSSESSIVE
        is_lazy = self.cursor.has("?") is not self.switches.is_lazy
        return Greed.LAZY if is_lazy else Greed.GREEDY

    def atom(self) -> list[Node]:
        if self.cursor.ahead == "(":
            return self.group()
        letter = self.cursor.take()
        return self.escape() if letter == "\\" else [self.plain(letter)]

    def plain(self, letter: str) -> Node:
        if letter in "^$":
            return Anchor(ANCHORS[letter, self.switches.is_by_line])
        if letter == "[":
            return Chars(self.escapes.bracket(folds=self.switches.folds))
        if letter == ".":
            return Chars(EVERY if self.switches.dot_takes_all else EVERY - NEWLINE)
        return self.letter(ord(letter))

    def escape(self) -> list[Node]:
        if self.cursor.has("Q"):
            quoted, _, _ = self.cursor.text[self.cursor.at :].partition("\\E")
            self.cursor.at = min(self.cursor.at + len(quoted) + 2, len(self.cursor.text))
            return [self.letter(ord(each)) for each in quoted]
        if self.cursor.has("E"):
            return []
        found = self.escapes.outside(self.groups, self.names)
        if isinstance(found, Reference):
            return [self.reference(found.number)]
        if isinstance(found, int):
            return [self.letter(found)]
        return [found]

    def reference(self, number: int) -> Node:
        if self.switches.folds or number in self.opened:
            raise UnequalError(FOLDED_REFERENCE if self.switches.folds else OPEN_REFERENCE)
        return Reference(number)

    def letter(self, member: int) -> Node:
        members: Bytes = frozenset({member})
        return Chars(in_both_cases(members) if self.switches.folds else members)

    def group(self) -> list[Node]:
        for opening, (is_behind, is_negative) in LOOKS.items():
            if self.cursor.has(opening):
                return [Look(self.body(), is_behind, is_negative)]
        if self.cursor.has("(?:"):
            return [self.body()]
        if self.cursor.has("(?>"):
            return [Atomic(self.body())]
        if self.cursor.has("(*"):
            raise UnequalError(VERB)
        return self.named_group()

    def named_group(self) -> list[Node]:
        if named := self.cursor.match(REFERENCE):
            return [self.reference(self.escapes.known(self.names, named["name"]))]
        if named := self.cursor.match(NAME):
            return [self.remembered(named["angled"] or named["quoted"])]
        if self.cursor.has("(?"):
            return self.options()
        self.cursor.take()
        return [self.remembered()]

    def remembered(self, name: str = "") -> Node:
        self.groups += 1
        number = self.groups
        if name:
            self.names[name] = number
        self.opened.add(number)
        body = self.body()
        self.opened.discard(number)
        return Group(number, body)

    def body(self) -> Node:
        """What stands in a group; options that change in it end with it."""
        outer = self.switches
        body = self.choice()
        self.switches = outer
        if not self.cursor.has(")"):
            raise UnequalError(UNCLOSED)
        return body

    def options(self) -> list[Node]:
        """`(?i)` for the rest of the group, or `(?i:...)`."""
        found = self.cursor.match(OPTIONS)
        if not found or found[0] == ")":
            raise UnequalError(UNKNOWN_GROUP.format(self.cursor.text[self.cursor.at : self.cursor.at + 6]))
        outer = self.switches
        changes = {SWITCHES[each]: True for each in found["on"]}
        changes |= {SWITCHES[each]: False for each in found["off"] or ""}
        self.switches = replace(outer, **changes)
        if found["end"] == ")":
            return []
        body = self.body()
        self.switches = outer
        return [body]
