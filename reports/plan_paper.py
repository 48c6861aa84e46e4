"""The plan's pages and annexes as markup, for print and for the page in the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from core.palette import INKS
from reports.kept_figures import keep_figures
from reports.long_words import break_long_words
from reports.outline import plan_pages
from reports.sheets.composing import compose

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from core.documents import Snapshot


def plan_context(
    snapshot: Snapshot, allowances: Mapping[str, float] | None = None, only: Collection[str] | None = None
) -> dict[str, Any]:
    """What the templates of the plan need."""
    composed = compose(snapshot, allowances, only)
    return {
        "sheets": composed.sheets,
        "annexes": composed.annexes,
        "annexed": composed.annexed,
        "plan_title": plan_pages(composed.words.language)[0].title,
        "words": composed.words,
        "evidence": composed.evidence,
        "texts": composed.texts,
        "inks": INKS,
    }


def plan_html(snapshot: Snapshot, context: Mapping[str, Any]) -> str:
    """The print template, filled. Whatever the records hold is escaped and stays text."""
    html = render_to_string("documents/plan.html", {"document": snapshot, **context})
    return keep_figures(break_long_words(html))
