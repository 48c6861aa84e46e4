"""What an emitter hands over: files made of lines that know where they come from, and what was not carried over."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from discovery.translation.sending import Origin, Refusal

OURS = "no line of Postfix says this: {}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a target's file. `origins` are the Postfix lines it was made of; without any, `why` says its reason.

    `is_bare` keeps the comment off the line and puts it above, where a `#` behind a value would be read as part of it.
    """

    text: str
    origins: tuple[Origin, ...] = ()
    why: str = ""
    is_bare: bool = False

    @property
    def places(self) -> str:
        """What the comment says: `etc/postfix/main.cf:12, etc/postfix/master.cf:3`, or why the line is there."""
        said = ", ".join(dict.fromkeys(origin.place for origin in self.origins))
        return said or (OURS.format(self.why) if self.why else "")


@dataclass(frozen=True, slots=True)
class TargetFile:
    """One file of a target. `comment` is how a comment begins there; `path` is relative to the output folder."""

    path: str
    comment: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "".join(f"{written}\n" for line in self.lines for written in self.written(line))

    def written(self, line: Line) -> Iterator[str]:
        """The line as it stands in the file, with the comment that says where it comes from."""
        said = one_line(line.places)
        if not said or not line.text.strip():
            yield line.text
        elif line.is_bare:
            indent = line.text[: len(line.text) - len(line.text.lstrip())]
            yield f"{indent}{self.comment} {said}"
            yield line.text
        else:
            yield f"{line.text}  {self.comment} {said}"

    def numbered(self) -> Iterator[tuple[int, Line]]:
        """Each line with its number in the file, from 1: comments above a line count as lines there."""
        number = 0
        for line in self.lines:
            number += sum(1 for _ in self.written(line))
            yield number, line


@dataclass(frozen=True, slots=True)
class Emission:
    """All files for one target, and what they do not hold, each with its reason."""

    target: str
    files: tuple[TargetFile, ...]
    not_carried: tuple[Refusal, ...]

    @property
    def origins(self) -> frozenset[Origin]:
        """Every Postfix line that some line was made of."""
        return frozenset(origin for file in self.files for line in file.lines for origin in line.origins)


def origins_of(*origins: Origin | None) -> tuple[Origin, ...]:
    """Those that are there, once each."""
    return tuple(dict.fromkeys(origin for origin in origins if origin is not None))


def indented(lines: Iterable[Line], by: str = "  ") -> Iterator[Line]:
    """The lines of a block, moved in."""
    for line in lines:
        yield Line(f"{by}{line.text}" if line.text else "", line.origins, line.why, line.is_bare)


def one_line(text: str) -> str:
    """A file name of a customer may hold anything; a comment ends with its line."""
    return "".join(each if each.isprintable() else "?" for each in text)
