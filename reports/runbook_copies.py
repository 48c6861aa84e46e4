"""A revision of a runbook to take away: as the PDF that was drawn of it, and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import slugify

from core.downloads import attachment
from reports.runbook_state import heads_of, standing_of
from reports.runbooks.markdown import markdown_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from reports.models import RunbookPaper, RunbookRevision

MARKDOWN = "text/markdown; charset=utf-8"


def pdf_copy(paper: RunbookPaper) -> HttpResponse:
    return attachment(bytes(paper.pdf), "application/pdf", _filename_of(paper.revision, "pdf"))


def markdown_copy(revision: RunbookRevision) -> HttpResponse:
    text = markdown_of(revision.content, standing_of(revision), heads_of(revision))
    return attachment(text.encode("utf-8", "replace"), MARKDOWN, _filename_of(revision, "md"))


def _filename_of(revision: RunbookRevision, ending: str) -> str:
    return f"{revision.engagement.code}-{slugify(revision.title)}-{revision.number}.{ending}"
