"""The parts of a regular expression, whatever language it was written in."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Bytes: TypeAlias = frozenset[int]


class UnequalError(ValueError):
    """An expression, or a part of one, without an exact equal; the text is a sentence."""


LONGEST_NUMBER = 9
TOO_LARGE = "It counts further than any expression that can be used."


def number_of(digits: str, base: int = 10) -> int:
    """A number of an expression; raises UnequalError for one that no count and no letter can be."""
    if len(digits) > LONGEST_NUMBER:
        raise UnequalError(TOO_LARGE)
    return int(digits, base)


class Greed(StrEnum):
    """How a repeat takes: as much as it can, as little, or as much without giving back."""

    GREEDY = ""
    LAZY = "?"
    POSSESSIVE = "+"


class Place(StrEnum):
    """Where an anchor holds."""

    START = "start"
    END = "end"
    LINE_START = "line start"
    LINE_END = "line end"
    WORD_EDGE = "word edge"
    NO_WORD_EDGE = "no word edge"
    WORD_START = "word start"
    WORD_END = "word end"


@dataclass(frozen=True, slots=True)
class Chars:
    """One byte out of a set."""

    members: Bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    branches: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A part that is remembered under its number."""

    number: int
    body: "Node"


@dataclass(frozen=True, slots=True)
class Atomic:
    body: "Node"


@dataclass(frozen=True, slots=True)
class Look:
    body: "Node"
    is_behind: bool
    is_negative: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """What a group took, once more."""

    number: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """`most` None is without bound."""

    body: "Node"
    least: int
    most: int | None
    greed: Greed


Node: TypeAlias = Chars | Anchor | Sequence | Choice | Group | Atomic | Look | Reference | Repeat


def children_of(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.parts
    if isinstance(node, Choice):
        return node.branches
    if isinstance(node, Group | Atomic | Look | Repeat):
        return (node.body,)
    return ()


def nodes_in(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for child in children_of(node):
        yield from nodes_in(child)


def may_be_empty(node: Node) -> bool:
    """Whether the node can match without taking a byte. A reference may: what it repeats may be empty."""
    if isinstance(node, Chars):
        return False
    if isinstance(node, Repeat):
        return node.least == 0 or may_be_empty(node.body)
    if isinstance(node, Choice):
        return any(may_be_empty(branch) for branch in node.branches)
    if isinstance(node, Look | Anchor | Reference):
        return True
    return all(may_be_empty(child) for child in children_of(node))
