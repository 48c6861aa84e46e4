"""Backslashes and brackets of PCRE2 expressions (pcre2pattern(3), BACKSLASH and SQUARE BRACKETS)."""

import re
from collections.abc import Mapping

from discovery.translation.kumomta.expressions.alphabet import (
    EVERY,
    NEWLINE,
    PCRE_CLASSES,
    SHORTHANDS,
    VERTICAL,
    complement,
    in_both_cases,
)
from discovery.translation.kumomta.expressions.cursor import Cursor
from discovery.translation.kumomta.expressions.tree import (
    Anchor,
    Atomic,
    Bytes,
    Chars,
    Choice,
    Node,
    Place,
    Reference,
    Sequence,
    UnequalError,
    number_of,
)

UNKNOWN = "The escape \\{} has no equal in KumoMTA."
NO_GROUP = "It refers to a group that is not there, or that begins later."
AMBIGUOUS = "Whether \\{} is a group or an octal number depends on the rest; it is not carried over."
RANGE = "It has a range that goes backwards or ends in a class, so Postfix leaves the line out."
OPEN = "It has a bracket without its end or a class nobody knows, so Postfix leaves the line out."
LARGEST_BYTE = 255
PLAIN = {"a": 7, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9}
EDGES = {"b": Place.WORD_EDGE, "B": Place.NO_WORD_EDGE, "A": Place.START, "z": Place.END, "Z": Place.END}
HEXADECIMAL = re.compile(r"x(?:\{(?P<braced>[0-9A-Fa-f]+)\}|(?P<bare>[0-9A-Fa-f]{0,2}))")
OCTAL = re.compile(r"0(?P<bare>[0-7]{0,2})|o\{(?P<braced>[0-7]+)\}")
OCTAL_IN_BRACKETS = re.compile(r"[0-7]{1,3}")
CONTROL = re.compile(r"c(?P<letter>[ -~])")
NUMBER = re.compile(r"(?P<bare>[1-9]\d*)|g(?P<plain>-?\d+)|g\{(?P<braced>-?\d+)\}", re.ASCII)
NAMED = re.compile(r"(?:k<(?P<a>\w+)>|k'(?P<b>\w+)'|[kg]\{(?P<c>[A-Za-z_]\w*)\})", re.ASCII)
POSIX_CLASS = re.compile(r"\[:(?P<not>\^?)(?P<name>[a-z]+):\]")
OTHER_CLASS = re.compile(r"\[[.=].*?[.=]\]", re.DOTALL)
HIGHEST_CERTAIN_GROUP = 9


class EscapeReader:
    """Reads behind a backslash, and inside square brackets."""

    def __init__(self, cursor: Cursor) -> None:
        """Share the cursor of the reader of the whole."""
        self.cursor = cursor
        self.folds = False

    def outside(self, groups: int, names: Mapping[str, int]) -> Node | int:
        """What a backslash makes outside brackets: a byte as its number, or a node."""
        if found := self.cursor.match(NUMBER):
            return Reference(self.group(found, groups))
        if found := self.cursor.match(NAMED):
            return Reference(self.known(names, found["a"] or found["b"] or found["c"]))
        member = self.member()
        if member is not None:
            return member
        letter = self.cursor.take()
        if letter in EDGES:
            return Anchor(EDGES[letter])
        if letter == "R":
            pair = Sequence((Chars(frozenset(b"\r")), Chars(NEWLINE)))
            return Atomic(Choice((pair, Chars(VERTICAL))))
        return Chars(self.shorthand(letter))

    def group(self, found: re.Match[str], groups: int) -> int:
        text = found["bare"] or found["plain"] or found["braced"]
        number = number_of(text)
        if found["bare"] and number > HIGHEST_CERTAIN_GROUP:
            raise UnequalError(AMBIGUOUS.format(text))
        number = groups + 1 + number if number < 0 else number
        if not 0 < number <= groups:
            raise UnequalError(NO_GROUP)
        return number

    def known(self, names: Mapping[str, int], name: str) -> int:
        if name not in names:
            raise UnequalError(NO_GROUP)
        return names[name]

    def member(self) -> int | None:
        """The byte that an escape names, None when it names something else."""
        if found := self.cursor.match(HEXADECIMAL):
            return self.byte(found["braced"] or found["bare"] or "0", 16)
        if found := self.cursor.match(OCTAL):
            return self.byte(found["braced"] or found["bare"] or "0", 8)
        if found := self.cursor.match(CONTROL):
            return ord(found["letter"].upper()) ^ 0x40
        letter = self.cursor.ahead
        if letter in PLAIN:
            self.cursor.take()
            return PLAIN[letter]
        if letter and not (letter.isascii() and letter.isalnum()):
            return ord(self.cursor.take())
        return None

    def byte(self, digits: str, base: int) -> int:
        number = number_of(digits, base)
        if number > LARGEST_BYTE:
            raise UnequalError(UNKNOWN.format(f"x{{{digits}}}"))
        return number

    def shorthand(self, letter: str) -> Bytes:
        if letter == "N":
            return EVERY - NEWLINE
        if letter == "C":
            return EVERY
        if letter.lower() not in SHORTHANDS:
            raise UnequalError(UNKNOWN.format(letter))
        members = SHORTHANDS[letter.lower()]
        return complement(members) if letter.isupper() else members

    def bracket(self, *, folds: bool) -> Bytes:
        """The set of `[...]`; whatever the case, upper and lower are one class."""
        self.folds = folds
        is_negated = self.cursor.has("^")
        members: Bytes = frozenset()
        is_first = True
        while is_first or self.cursor.ahead != "]":
            is_first = False
            members |= self.span()
        self.cursor.take()
        members = in_both_cases(members) if folds else members
        return complement(members) if is_negated else members

    def span(self) -> Bytes:
        """One byte, one range or one class."""
        first = self.item()
        if isinstance(first, frozenset):
            return first
        rest = self.cursor.text[self.cursor.at : self.cursor.at + 2]
        if not rest.startswith("-") or rest in {"-", "-]"}:
            return frozenset({first})
        self.cursor.take()
        last = self.item()
        if isinstance(last, frozenset) or last < first:
            raise UnequalError(RANGE)
        return frozenset(range(first, last + 1))

    def item(self) -> Bytes | int:
        if self.cursor.is_done:
            raise UnequalError(OPEN)
        if found := self.cursor.match(POSIX_CLASS):
            return self.posix_class(found)
        if self.cursor.match(OTHER_CLASS):
            raise UnequalError(OPEN)
        if not self.cursor.has("\\"):
            return ord(self.cursor.take())
        if self.cursor.ahead in "QEBRXN":
            raise UnequalError(UNKNOWN.format(self.cursor.ahead))
        if self.cursor.has("b"):
            return 8
        member = self.octal()
        member = self.member() if member is None else member
        return self.shorthand(self.cursor.take()) if member is None else member

    def octal(self) -> int | None:
        """One to three digits inside brackets, where there are no groups."""
        found = self.cursor.match(OCTAL_IN_BRACKETS)
        return self.byte(found[0], 8) if found else None

    def posix_class(self, found: re.Match[str]) -> Bytes:
        if found["name"] not in PCRE_CLASSES:
            raise UnequalError(OPEN)
        is_case = self.folds and found["name"] in {"upper", "lower"}
        members = PCRE_CLASSES["alpha" if is_case else found["name"]]
        return complement(members) if found["not"] else members
