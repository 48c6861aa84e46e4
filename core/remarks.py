"""What follows from an act beyond the page it was done on: said by the domain, shown by the middleware afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from core.problems import is_api

_remarks: ContextVar[list[str] | None] = ContextVar("remarks", default=None)


def add_remark(sentence: str) -> None:
    """Tell whoever acts, on the next page they see. Work that the system does by itself has nobody to tell."""
    told = _remarks.get()
    if told is not None and sentence not in told:
        told.append(sentence)


@contextmanager
def collecting() -> Iterator[list[str]]:
    told: list[str] = []
    token = _remarks.set(told)
    try:
        yield told
    finally:
        _remarks.reset(token)


class RemarkMiddleware:
    """Shows what the domain remarked. An act that was refused, and so rolled back, has no consequences to tell."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with collecting() as told:
            response = self.get_response(request)
        if response.status_code < 400 and not is_api(request):  # noqa: PLR2004 (where HTTP begins to refuse)
            for sentence in told:
                messages.warning(request, sentence)
        return response
