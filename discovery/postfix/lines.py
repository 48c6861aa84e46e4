"""Logical lines as Postfix reads them (readlline(3), postconf(5) "main.cf file format")."""

from collections.abc import Iterator
from dataclasses import dataclass

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
        """The pieces joined with nothing between: Postfix drops the line end only."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_orphan(self) -> bool:
        """Whether it starts with white space, so that there is no line to continue."""
        return self.pieces[0].text[:1] in tuple(BLANKS)

    def line_at(self, offset: int) -> int:
        """The physical line on which the character at `offset` of `text` stands."""
        for piece in self.pieces:
            if offset < len(piece.text):
                return piece.line
            offset -= len(piece.text)
        return self.end_line


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
