"""The plan laid out until each of its pages is one page: what does not fit goes to an annex, and is looked at again.

Heights are estimated first (reports/sheets/fitting.py) and nearly always hold. Where one does not, that page alone is
laid out with less and less of it until it fits, then the whole document once more.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from core.errors import DomainError
from reports.attached import attached_files
from reports.outline import PLAN
from reports.pdf import render_if
from reports.plan_paper import plan_context, plan_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from weasyprint.document import Page

    from core.documents import RenderedDocument, Snapshot
    from reports.outline import Section
    from reports.sheets.blocks import Annex, Sheet

ROUNDS = 3
ALLOWANCES = (1.0, 0.85, 0.7, 0.55, 0.4, 0.2, 0.0)


def render_plan(snapshot: Snapshot, outline: Sequence[Section]) -> RenderedDocument:
    """Raises DomainError naming the pages that cannot be made to fit."""
    only, allowances = {section.key for section in outline}, dict[str, float]()
    too_long = list[str]()
    for _ in range(ROUNDS):
        context = plan_context(snapshot, allowances, only)
        is_accepted = partial(_fits, context["sheets"], context["annexes"], too_long)
        rendered = render_if(plan_html(snapshot, context), is_accepted, attached_files(PLAN, snapshot))
        if rendered is not None:
            return rendered
        allowances |= {key: _smaller(snapshot, key, allowances.get(key, 1.0)) for key in too_long}
    raise DomainError(f"These pages of the plan do not fit on one page each: {', '.join(too_long)}.")


def _fits(sheets: Sequence[Sheet], annexes: Sequence[Annex], too_long: list[str], pages: Sequence[Page]) -> bool:
    """Whether every numbered page takes one page; fills `too_long` with those that take more."""
    first = _first_pages(pages)
    keys = [sheet.key for sheet in sheets]
    after = f"annex-{annexes[0].key}" if annexes else ""
    too_long[:] = [
        key for key, following in pairwise([*keys, after]) if first.get(following, len(pages)) - first.get(key, 0) > 1
    ]
    return not too_long


def _first_pages(pages: Sequence[Page]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for number, page in enumerate(pages):
        for anchor in page.anchors:
            found.setdefault(anchor, number)
    return found


def _smaller(snapshot: Snapshot, key: str, allowance: float) -> float:
    """The next part of the page with which it fits alone; the least one where none does."""
    for tried in ALLOWANCES:
        if tried < allowance and _page_count(snapshot, key, tried) == 1:
            return tried
    return ALLOWANCES[-1]


def _page_count(snapshot: Snapshot, key: str, allowance: float) -> int:
    counted = list[int]()

    def count(pages: Sequence[Page]) -> bool:
        counted.append(len(pages))
        return False

    render_if(plan_html(snapshot, plan_context(snapshot, {key: allowance}, {key})), count)
    return counted[0]
