"""What may be sent to the portal: how large a body, how large a file, and where a file is kept while it is read."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, cast

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from core.errors import DomainError
from core.problems import is_api
from core.spools import SealedSpool

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    View = TypeVar("View", bound=Callable[..., Any])

MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
BESIDE_THE_FILE = MEGABYTE  # the other fields of a form and the marks between them
CHUNK = 64 * 1024
MOST_DROPPED = 64 * MEGABYTE  # of a body that is refused: a larger one is left unread


class BodyTooLarge(DomainError):  # noqa: N818 (named as the sentence it becomes)
    """Refused by its announced length, before any of it was kept."""

    status_code = 413


@dataclass(frozen=True, slots=True)
class LargeFiles:
    """What a view takes that takes larger files than others: the name of its setting, and what to do beyond it."""

    setting: str
    advice: str

    @property
    def limit(self) -> int:
        return int(getattr(settings, self.setting))


def takes_large_files(large: LargeFiles) -> Callable[[View], View]:
    """Mark a view, below its other decorators or around `as_view()`. Only who is signed in may send it more."""

    def mark(view: View) -> View:
        view.large_files = large  # type: ignore[attr-defined]  # read by `_large_files`
        return view

    return mark


def _large_files(request: HttpRequest | None) -> LargeFiles | None:
    """Known once the address is resolved. Routes of the API look at a token before they read the body; pages do not."""
    if request is None or request.resolver_match is None:
        return None
    is_somebody = request.user.is_authenticated or (is_api(request) and "Authorization" in request.headers)
    return getattr(request.resolver_match.func, "large_files", None) if is_somebody else None


def file_limit(large: LargeFiles | None = None) -> int:
    return large.limit if large else int(settings.UPLOAD_LIMIT_BYTES)


def size_in_words(size: int) -> str:
    return f"{size // GIGABYTE} GB" if size >= GIGABYTE and size % GIGABYTE == 0 else f"{size // MEGABYTE} MB"


def file_too_large(large: LargeFiles | None = None) -> str:
    """Without its full stop."""
    sentence = f"The selected file must be smaller than {size_in_words(file_limit(large))}"
    return f"{sentence}. {large.advice}" if large else sentence


def is_too_large(upload: UploadedFile, large: LargeFiles | None = None) -> bool:
    """Whether more was sent than is kept. Such a file is empty, but remembers how much was sent."""
    return (upload.size or 0) > file_limit(large)


class BoundedUploadHandler(FileUploadHandler):
    """Keeps a file in memory, a large one sealed on disk, never in plain text there; of one past the limit, nothing.

    The rest of a file that is too large is read and dropped, so that the form can say so beside what else was typed.
    How much that can be is bounded by `body_limit`.
    """

    def new_file(self, *arguments: Any, **keywords: Any) -> None:
        super().new_file(*arguments, **keywords)
        self._large = _large_files(self.request)
        self._kept, self._received = self._empty(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002 (Django's signature)
        self._received += len(raw_data)
        if self._received <= file_limit(self._large):
            self._kept.write(raw_data)
        elif self._received - len(raw_data) <= file_limit(self._large):
            self._kept.close()
            self._kept = self._empty()
        return None

    def _empty(self) -> BytesIO | SealedSpool:
        return SealedSpool() if self._large else BytesIO()

    def file_complete(self, file_size: int) -> UploadedFile | None:  # noqa: ARG002 (Django's signature)
        self._kept.seek(0)
        return InMemoryUploadedFile(
            cast("IO[bytes]", self._kept),
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
        return file_limit(_large_files(request)) + BESIDE_THE_FILE
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def refuse_large_body(request: HttpRequest) -> None:
    """Raise BodyTooLarge by the announced length. A server reads no further than that."""
    announced = _announced_length(request)
    limit = body_limit(request)
    if announced <= limit:
        return
    _drop_what_comes(request, announced)
    if request.content_type == "multipart/form-data":
        raise BodyTooLarge(f"{file_too_large(_large_files(request))}.")
    raise BodyTooLarge(f"What you sent is larger than {limit // MEGABYTE} MB. Shorten it, and send it again.")


def _announced_length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    try:
        return int(text)
    except ValueError:
        return 0


def _drop_what_comes(request: HttpRequest, announced: int) -> None:
    """Read a body to its end and keep nothing: else browsers show a broken connection. Past a bound that is cheaper."""
    if announced > MOST_DROPPED:
        return
    try:
        while request.read(CHUNK):
            pass
    except OSError:
        return
