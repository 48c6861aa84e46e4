"""What a page is made of. Each kind has its markup in templates/documents/blocks/<kind>.html. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTHS = {"tenth": 10, "eighth": 12.5, "sixth": 16, "fifth": 20, "quarter": 25, "third": 33, "wide": 44, "half": 50}


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text. `proof` is its evidence, `full` the whole of a text that was shortened; both "" for none.

    Lines of a list stand under each other. `note` and `rest` are the numbers of proof and whole text in the annexes,
    0 until they are given (numbering.py).
    """

    text: str
    proof: str = ""
    full: str = ""
    is_mono: bool = False
    is_strong: bool = False
    is_list: bool = False
    note: int = 0
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Prose:
    kind: ClassVar[str] = "prose"
    cell: Cell
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Points:
    kind: ClassVar[str] = "points"
    items: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is a name of WIDTHS, "" for a share of what is left."""

    title: str
    width: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Rest:
    """How many rows are not on the page, and where they stand."""

    count: int
    letter: str
    key: str


@dataclass(frozen=True, slots=True)
class Table:
    """`annex` is the key of the annex that holds all rows; without one every row stays on the page."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    annex: str = ""
    has_head: bool = True
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """Lines of a file as they are."""

    kind: ClassVar[str] = "extract"
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with a template of its own; `height` in millimetres."""

    kind: ClassVar[str] = "figure"
    template: str
    height: float
    words: Mapping[str, Any] = field(default_factory=dict)


def bars_height(lines: int) -> float:
    """Of a table of bars with its caption, in millimetres."""
    return 8 + 6.6 * lines


Block = Prose | Heading | Points | Table | Extract | Figure


@dataclass(frozen=True, slots=True)
class Sheet:
    """A numbered page of the plan."""

    key: str
    number: int
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Annex:
    """A part behind the numbered pages. `tables` hold every row of what did not fit, in full."""

    key: str
    letter: str
    title: str
    tables: Sequence[Table]
    template: str
