"""Numbers for what the pages point at and do not hold themselves: evidence, and long texts in full. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reports.sheets.blocks import Points, Prose, Table

if TYPE_CHECKING:
    from reports.sheets.blocks import Block, Cell


@dataclass(slots=True)
class Register:
    """Entries numbered from 1 in the order in which they are met; the same entry keeps its number."""

    entries: dict[str, int] = field(default_factory=dict)

    def number_of(self, entry: str) -> int:
        return self.entries.setdefault(entry, len(self.entries) + 1) if entry else 0

    @property
    def numbered(self) -> list[tuple[int, str]]:
        return [(number, entry) for entry, number in self.entries.items()]


@dataclass(frozen=True, slots=True)
class Numbering:
    """Asked after the rows of a page are chosen, so that nothing is numbered that is not printed."""

    evidence: Register = field(default_factory=Register)
    texts: Register = field(default_factory=Register)

    def numbered(self, block: Block) -> Block:
        if isinstance(block, Table):
            return replace(block, rows=[[self._cell(cell) for cell in row] for row in block.rows])
        if isinstance(block, Points):
            return replace(block, items=[self._cell(cell) for cell in block.items])
        if isinstance(block, Prose):
            return replace(block, cell=self._cell(block.cell))
        return block

    def _cell(self, cell: Cell) -> Cell:
        if not cell.proof and not cell.full:
            return cell
        return replace(cell, note=self.evidence.number_of(cell.proof), rest=self.texts.number_of(cell.full))
