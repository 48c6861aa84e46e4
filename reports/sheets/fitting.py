"""How many rows a page holds, in millimetres. Pure.

Heights are estimated from the length of the texts. The layout itself is measured afterwards (reports/plan_layout.py)
and asks again with a smaller allowance where an estimate was too small.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

from reports.sheets.blocks import WIDTHS, Extract, Figure, Heading, Points, Prose, Rest, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.sheets.blocks import Block, Cell

PAGE_WIDTH = 170
PAGE_HEIGHT = 231  # of 251: the title of the page takes the rest
BODY_LINE, BODY_LETTER = 5.1, 1.72
TABLE_LINE, TABLE_LETTER, MONO_LETTER = 4.15, 1.5, 1.85
ROW_PADDING, COLUMN_GAP = 2.5, 3
EXTRACT_LINE, EXTRACT_FRAME = 3.6, 10
CAPTION, HEAD, REST, HEADING, AFTER = 5.5, 7.0, 6.5, 10.5, 4.0


def fitted(blocks: Sequence[Block], letters: Mapping[str, str], allowance: float = 1.0) -> list[Block]:
    """The blocks with as many rows as the page holds. `letters` names annexes; `allowance` is the part of it to use."""
    room = PAGE_HEIGHT * allowance
    elastic = [number for number, block in enumerate(blocks) if isinstance(block, Table) and block.annex]
    room -= sum(_height(block) for number, block in enumerate(blocks) if number not in elastic)
    tables = [block for block in blocks if isinstance(block, Table) and block.annex]
    room = max(room, 0)
    shares = _shares([_height(table) for table in tables], room)
    cut = [_cut(table, share, letters) for table, share in zip(tables, shares, strict=True)]
    for place, table in enumerate(tables):  # what the others leave, for a row may be too high for its share
        left = room - sum(_height(each) for each in cut)
        cut[place] = _cut(table, _height(cut[place]) + max(left, 0), letters)
    found = list(blocks)
    for number, table in zip(elastic, cut, strict=True):
        found[number] = table
    return found


def _shares(needs: Sequence[float], room: float) -> list[float]:
    """Each gets what it needs, or an equal part of what those that need little leave."""
    shares = [0.0] * len(needs)
    order = sorted(range(len(needs)), key=lambda number: needs[number])
    for place, number in enumerate(order):
        shares[number] = min(needs[number], room / (len(needs) - place))
        room -= shares[number]
    return shares


def _cut(table: Table, room: float, letters: Mapping[str, str]) -> Table:
    if _height(table) <= room:
        return table
    left = room - _frame(table) - REST
    count = 0
    for row in table.rows:
        left -= _row_height(row, _column_widths(table))
        if left < 0:
            break
        count += 1
    return replace(
        table, rows=table.rows[:count], rest=Rest(len(table.rows) - count, letters.get(table.annex, ""), table.annex)
    )


def _height(block: Block) -> float:
    if isinstance(block, Table):
        widths = _column_widths(block)
        frame = _frame(block) + (REST if block.rest else 0)
        return frame + sum(_row_height(row, widths) for row in block.rows)
    if isinstance(block, Figure):
        return block.height + AFTER
    if isinstance(block, Heading):
        return HEADING
    if isinstance(block, Extract):
        return HEADING + EXTRACT_FRAME + (block.text.count("\n") + 1) * EXTRACT_LINE
    return _text_height(block)


def _frame(table: Table) -> float:
    return AFTER + (CAPTION if table.caption else 0) + (HEAD if table.has_head else 0)


def _text_height(block: Prose | Points) -> float:
    cells = block.items if isinstance(block, Points) else [block.cell]
    return sum(_lines(cell.text, PAGE_WIDTH, BODY_LETTER) for cell in cells) * BODY_LINE + AFTER


def _column_widths(table: Table) -> list[float]:
    named = [WIDTHS[column.width] * PAGE_WIDTH / 100 if column.width else 0 for column in table.columns]
    rest = (PAGE_WIDTH - sum(named)) / (named.count(0) or 1)
    return [width or rest for width in named]


def _row_height(row: Sequence[Cell], widths: Sequence[float]) -> float:
    lines = (
        _lines(cell.text, width - COLUMN_GAP, MONO_LETTER if cell.is_mono else TABLE_LETTER)
        for cell, width in zip(row, widths, strict=True)
    )
    return max(lines) * TABLE_LINE + ROW_PADDING


def _lines(text: str, width: float, letter: float) -> int:
    fit = max(int(width / letter), 1)
    return sum(max(ceil(len(line) / fit), 1) for line in text.split("\n"))
