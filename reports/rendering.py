"""From a snapshot to its PDF, by kind. WeasyPrint is loaded at the first rendering, not when the portal starts."""

from collections.abc import Sequence

import structlog
from django.template.loader import render_to_string

from core.documents import RenderedDocument, Snapshot
from core.errors import DomainError
from reports.kept_figures import keep_figures
from reports.long_words import break_long_words
from reports.outline import PLAN, Section, outline_of
from reports.plan_paper import plan_context, plan_html
from reports.sheets.composing import language_in, words_of

log = structlog.get_logger(__name__)


def document_html(kind: str, snapshot: Snapshot, outline: Sequence[Section]) -> str:
    """The print template of a kind, filled. Whatever the records hold is escaped and stays text."""
    if kind == PLAN:
        return plan_html(snapshot, plan_context(snapshot, only={section.key for section in outline}))
    content = snapshot.get("content", snapshot)
    context = {"document": snapshot, "outline": outline, "words": words_of(content)}
    return keep_figures(break_long_words(render_to_string(f"documents/{kind}.html", context)))


def render_kind(kind: str, snapshot: Snapshot) -> RenderedDocument:
    """The PDF of a snapshot. When a section cannot be laid out, raises DomainError with its name."""
    outline = outline_of(kind, language_in(snapshot.get("content", snapshot)))
    try:
        return _render(kind, snapshot, outline)
    except Exception as error:
        if culprit := _first_that_fails(kind, snapshot, outline):
            log.exception("layout_failed", kind=kind, section=culprit.key)
            why = error.reasons if isinstance(error, DomainError) else ()
            raise DomainError(f"{_named(culprit, outline)} could not be laid out.", *why) from error
        raise


def _named(section: Section, outline: Sequence[Section]) -> str:
    if section.number:
        return f"Page {section.number}, {section.title},"
    if any(each.number for each in outline):
        return f"The annex “{section.title}”"
    return f"Section {list(outline).index(section) + 1}, {section.title},"


def _render(kind: str, snapshot: Snapshot, outline: Sequence[Section]) -> RenderedDocument:
    if kind == PLAN:
        from reports.plan_layout import render_plan

        return render_plan(snapshot, outline)
    from reports.attached import attached_files
    from reports.pdf import render_pdf

    return render_pdf(document_html(kind, snapshot, outline), attached_files(kind, snapshot))


def _first_that_fails(kind: str, snapshot: Snapshot, outline: Sequence[Section]) -> Section | None:
    """Which section fails when it is alone with the title page; None when each is sound by itself."""
    for section in outline:
        try:
            _render(kind, snapshot, [section])
        except Exception:  # noqa: BLE001 (the question is whether it fails, whatever the reason)
            return section
    return None
