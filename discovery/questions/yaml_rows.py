"""The rows of a filled in YAML file. Nothing is built from it but words and lists of words, whatever it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell = str | list[str] | None
MOST_PIECES = 30_000  # a thousand answers have half as many names and words
DEEPEST = 4  # the file, its list, a row, a list of choices
NOTHING, TRUTH, FRACTION = (f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "float"))
YES = frozenset({"yes", "true", "on"})


class RowsError(ValueError):
    """The file holds no answers; the text is a sentence for the person who sent it."""


class Fraction(str):
    """Digits with a point: in YAML `1.234` is a fraction and not a thousand."""

    __slots__ = ()


def yaml_rows(text: str) -> list[dict[str, Cell]]:
    """The list called answers. Raises RowsError."""
    try:
        _refuse_what_grows(text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeError) as error:
        where, last = getattr(error, "problem_mark", None), text.count("\n")
        line = f" (line {min(where.line, last) + 1})" if where else ""
        raise RowsError(f"The file is neither CSV nor YAML{line}.") from None
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    rows = next((node for name, node in pairs if name.value == "answers"), None)
    if not isinstance(rows, yaml.SequenceNode) or not all(isinstance(row, yaml.MappingNode) for row in rows.value):
        raise RowsError("The file has to hold a list called answers, as the export does.")
    return [dict(_cells(row, number)) for number, row in enumerate(rows.value, start=1)]


def _refuse_what_grows(text: str) -> None:
    """Looks at a file piece by piece, before anything is built: an alias repeats what stands elsewhere."""
    depth = 0
    for count, piece in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if isinstance(piece, yaml.AliasEvent):
            raise RowsError(f"{_place(piece)} repeats another place with *{str(piece.anchor)[:60]}: write it out.")
        if isinstance(piece, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(piece, yaml.CollectionEndEvent):
            depth -= 1
        if count > MOST_PIECES:
            raise RowsError("The file holds far more answers than the questionnaire has questions.")
        if depth > DEEPEST:
            raise RowsError(f"{_place(piece)} holds lists within lists, which no answer does.")


def _place(piece: yaml.Event) -> str:
    return f"Line {piece.start_mark.line + 1}" if piece.start_mark else "The file"


def _cells(row: yaml.MappingNode, number: int) -> Iterator[tuple[str, Cell]]:
    for name, node in row.value:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(each, yaml.ScalarNode) for each in [name, *parts]):
            raise RowsError(f"Answer {number}: an answer is a word, a number or a list of words.")
        words = [_word(each) for each in parts]
        yield name.value, [word or "" for word in words] if parts is node.value else words[0]


def _word(node: yaml.ScalarNode) -> str | None:
    """What was written; YAML takes yes and no for values of its own."""
    if node.tag == NOTHING:
        return None
    if node.tag == TRUTH:
        return "yes" if node.value.lower() in YES else "no"
    return Fraction(node.value) if node.tag == FRACTION else str(node.value)
