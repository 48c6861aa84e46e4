"""What may be sent to the portal: how large a body, how large a file, and where a file is kept while it is read."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from core.errors import DomainError

if TYPE_CHECKING:
    from typing import Any

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

MEGABYTE = 1024 * 1024
BESIDE_THE_FILE = MEGABYTE  # the other fields of a form and the marks between them
CHUNK = 64 * 1024


class BodyTooLarge(DomainError):  # noqa: N818 (named as the sentence it becomes)
    """Refused by its announced length, before any of it was kept."""

    status_code = 413


def file_too_large() -> str:
    return f"The selected file must be smaller than {settings.UPLOAD_LIMIT_BYTES // MEGABYTE} MB"


def is_too_large(upload: UploadedFile) -> bool:
    """Whether more was sent than is kept. Such a file is empty, but remembers how much was sent."""
    return (upload.size or 0) > settings.UPLOAD_LIMIT_BYTES


class BoundedUploadHandler(FileUploadHandler):
    """Keeps a file in memory, never on disk, where it would stand in plain text; of one past the limit, nothing.

    The rest of a file that is too large is read and dropped, so that the form can say so beside what else was typed.
    How much that can be is bounded by `body_limit`.
    """

    def new_file(self, *arguments: Any, **keywords: Any) -> None:
        super().new_file(*arguments, **keywords)
        self._kept, self._received = BytesIO(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 (Django's signature)
        self._received += len(raw_data)
        if self._received <= settings.UPLOAD_LIMIT_BYTES:
            self._kept.write(raw_data)
        else:
            self._kept = BytesIO()
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:  # noqa: ARG002 (Django's signature)
        self._kept.seek(0)
        return InMemoryUploadedFile(
            self._kept,
            self.field_name,
            self.file_name,
            self.content_type,
            self._received,
            self.charset,
            self.content_type_extra,
        )


def body_limit(request: HttpRequest) -> int:
    """How many bytes the body of this request may have."""
    if request.content_type == "multipart/form-data":
        return int(settings.UPLOAD_LIMIT_BYTES + BESIDE_THE_FILE)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def refuse_large_body(request: HttpRequest) -> None:
    """Raise BodyTooLarge by the announced length. A server reads no further than that."""
    announced = _announced_length(request)
    limit = body_limit(request)
    if announced <= limit:
        return
    _drop_what_comes(request, announced)
    if request.content_type == "multipart/form-data":
        raise BodyTooLarge(f"{file_too_large()}.")
    raise BodyTooLarge(f"What you sent is larger than {limit // MEGABYTE} MB. Shorten it, and send it again.")


def _announced_length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    try:
        return int(text)
    except ValueError:
        return 0


def _drop_what_comes(request: HttpRequest, announced: int) -> None:
    """Read a body that is not far too large to its end and keep nothing: else browsers show a broken connection."""
    if announced > 4 * settings.UPLOAD_LIMIT_BYTES:
        return
    try:
        while request.read(CHUNK):
            pass
    except OSError:
        return
