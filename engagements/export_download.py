"""The pack of records that somebody asked for, as a page and a route hand it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import StreamingHttpResponse

from accounts.reader import reader_of
from engagements.domain.ask_export import take_export

if TYPE_CHECKING:
    from accounts.reader import AnyRequest
    from engagements.models import DataExport


def export_download(found: DataExport, request: AnyRequest) -> StreamingHttpResponse:
    """The bytes as they are unsealed, under a name that says whose they are."""
    pieces = take_export(found, actor=reader_of(request))
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="gatepost-data-{found.pk}.zip"'
    response["Content-Length"] = str(found.byte_count)
    return response
