"""The comments beside a gate's document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engagements.content import kind_for
from engagements.models import Question
from reports.outline import sections_of
from reports.sheets.composing import COVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from engagements.models import Gate
    from reports.forms import Sections
    from reports.sheets.blocks import Annex, Sheet


@dataclass(frozen=True, slots=True)
class Comments:
    """`rows` are open ones first, in the order of the document."""

    rows: Sequence[Question]

    @property
    def open(self) -> list[Question]:
        return [row for row in self.rows if row.resolved_at is None]

    def open_on(self, section: str) -> int:
        return sum(row.section == section for row in self.open)

    @property
    def open_count(self) -> int:
        return len(self.open)


def sections_in(sheets: Sequence[Sheet], annexes: Sequence[Annex]) -> Sections:
    """What can be commented on in a plan as it is read: its pages, and its annexes by the letters they have there."""
    pages = [(sheet.key, f"{sheet.number} {sheet.title}") for sheet in sheets if sheet.key != COVER]
    lettered = [(f"annex-{annex.key}", f"{annex.letter} {annex.title}") for annex in annexes]
    return [("Pages", pages), ("Annexes", lettered)] if lettered else [("Pages", pages)]


def comments_on(gate: Gate, reader: User) -> Comments:
    order = {key: place for place, key in enumerate(sections_of(kind_for(gate).value))}
    found = Question.objects.visible_to(reader).filter(gate=gate).select_related("asked_by", "resolved_by")
    rows = sorted(
        found.prefetch_related("replies"),
        key=lambda row: (row.resolved_at is not None, order.get(row.section, len(order)), row.pk),
    )
    return Comments(rows)
