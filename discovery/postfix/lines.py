"""Logical lines as Postfix reads them (readlline(3), postconf(5) "main.cf file format")."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

BLANKS = " \t\n\v\f\r"


@dataclass(frozen=True, slots=True)
class Piece:
    """One physical line of a logical line, as it stands in the file."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """Physical lines that Postfix reads as one; comments and blank lines between them are gone."""

    pieces: tuple[Piece, ...]

    @property
    def line(self) -> int:
        return self.pieces[0].line

    @property
    def end_line(self) -> int:
        return self.pieces[-1].line

    @property
    def text(self) -> str:
        """The pieces joined with nothing between: Postfix drops the line end only, and reads up to a NUL byte."""
        return "".join(piece.text for piece in self.pieces).partition("\0")[0]

    @property
    def is_orphan(self) -> bool:
        """Whether it starts with white space, so that there is no line to continue."""
        return self.pieces[0].text[:1] in tuple(BLANKS)

    def lines_at(self, offsets: Iterable[int]) -> list[int]:
        """The physical lines on which the characters at these offsets of `text` stand."""
        ends = list(accumulate(len(piece.text) for piece in self.pieces))
        return [self.pieces[min(bisect_right(ends, offset), len(ends) - 1)].line for offset in offsets]


def is_comment_or_blank(line: str) -> bool:
    """Whether Postfix skips this physical line, even inside a continued value."""
    stripped = line.lstrip(BLANKS)
    return not stripped or stripped.startswith("#")


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """Join continuation lines; a line that starts with white space belongs to the one above."""
    pieces: list[Piece] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if is_comment_or_blank(line):
            continue
        if pieces and line[0] not in BLANKS:
            yield LogicalLine(tuple(pieces))
            pieces = []
        pieces.append(Piece(number, line))
    if pieces:
        yield LogicalLine(tuple(pieces))


def join_blanks(value: str) -> str:
    """A value as postconf prints it: runs of space, tab and line end become one space."""
    for blank in "\t\r\n":
        value = value.replace(blank, " ")
    return " ".join(word for word in value.split(" ") if word)
