"""HTML to PDF: a pure function of its template and snapshot. Nothing is fetched but our own static files."""

import gc
import mimetypes
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Page
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from core.documents import RenderedDocument
from core.errors import DomainError
from reports import page_references, tagged_languages

SCHEME = "static:"
STYLE_SHEETS = (
    "static:css/print.css",
    "static:reports/document.css",
    "static:reports/plan.css",
    "static:reports/annexes.css",
)
# WeasyPrint's own defaults leave tags out even where the variant asks for them.
PDF_OPTIONS = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}
# What carries its data inside is for keeping (ISO 19005-3): tagged as well, fonts and colours of its own.
ARCHIVE_OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}
# fontTools writes the hour of embedding into each font, unless this names another one: 1 January 2026.
FIXED_HOUR = {"SOURCE_DATE_EPOCH": "1767225600"}

FIXED_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)

page_references.install()
tagged_languages.install()

_one_at_a_time = Lock()  # fontconfig is not safe between threads, and two layouts at once cost memory twice


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """JSON inside a PDF."""

    name: str
    content: bytes
    description: str


class StaticFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Fetches `static:<name of a static file>`. Any other address ends the rendering: no network, no disk, no data:.

    What was refused is also kept in `refused`, because WeasyPrint goes on after an error inside a drawing.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("static",), allow_redirects=False, fail_on_errors=True)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002 (its API)
        path = _static_path(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if path is None:
            self.refused.append(url)
            raise FatalURLFetchingError(url)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def _static_path(name: str) -> Path | None:
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return Path(found) if isinstance(found, str) and Path(found).is_file() else None


@cache
def _style() -> tuple[list[CSS], FontConfiguration]:
    """The style sheets and their fonts, read once a process."""
    fonts = FontConfiguration()
    return [CSS(url=url, font_config=fonts, url_fetcher=StaticFilesOnly()) for url in STYLE_SHEETS], fonts


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Layout makes millions of small objects and frees them by count; looking for cycles meanwhile costs a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _at_a_fixed_hour() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in FIXED_HOUR}
    os.environ.update(FIXED_HOUR)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def render_pdf(html: str, files: Sequence[AttachedFile] = ()) -> RenderedDocument:
    """Lay out and write one HTML document: PDF/UA-1, or PDF/A-3a where it carries files.

    Raises DomainError when it asks for anything that is not ours.
    """
    rendered = render_if(html, lambda _: True, files)
    if rendered is None:
        raise RuntimeError("Every layout is accepted here")
    return rendered


def render_if(
    html: str, is_accepted: Callable[[Sequence[Page]], bool], files: Sequence[AttachedFile] = ()
) -> RenderedDocument | None:
    """The same for a layout that is looked at before it is written; None when it is not accepted."""
    fetcher = StaticFilesOnly()
    with _one_at_a_time, _without_garbage_collection(), _at_a_fixed_hour():
        try:
            rendered = _rendered(html, fetcher, is_accepted, files)
        except FatalURLFetchingError as refused:
            raise _not_ours(str(refused)) from refused
    if fetcher.refused:
        raise _not_ours(fetcher.refused[0])
    return rendered


def _rendered(
    html: str,
    fetcher: StaticFilesOnly,
    is_accepted: Callable[[Sequence[Page]], bool],
    files: Sequence[AttachedFile],
) -> RenderedDocument | None:
    styles, fonts = _style()
    options = ARCHIVE_OPTIONS if files else PDF_OPTIONS
    source = HTML(string=html, base_url=SCHEME, url_fetcher=fetcher)
    laid_out = source.render(font_config=fonts, stylesheets=styles, **options)
    if not is_accepted(laid_out.pages):
        return None
    pdf = laid_out.write_pdf(attachments=[_attachment(file) for file in files], **options)
    return RenderedDocument(pdf=pdf, page_count=len(laid_out.pages))


def _attachment(file: AttachedFile) -> Attachment:
    return Attachment(
        string=file.content.decode(),
        name=file.name,
        description=file.description,
        relationship="Data",
        created=FIXED_MOMENT,
        modified=FIXED_MOMENT,
    )


def _not_ours(url: str) -> DomainError:
    return DomainError(
        f"The document asks for {url[:200]!r}. Documents use the portal's own files only, "
        "so nothing was fetched and nothing was built."
    )
