"""Turns a refusal of the domain into a page that says why and what to do next."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from core.errors import DomainError
from core.problems import is_api, problem
from core.uploads import BodyTooLarge, refuse_large_body

HEADINGS = {
    403: "You may not do this",
    409: "This cannot be done now",
    413: "This is too large",
    422: "This cannot be done as asked",
    429: "This was tried too often",
}


class RefusalMiddleware:
    """Catches DomainError alone. Any other exception stays a fault and becomes the 500 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal(request, exception) if isinstance(exception, DomainError) else None


class BodyLimitMiddleware:
    """Refuses what is too large before anything reads it. Stands before CsrfViewMiddleware, which reads all forms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Asked after every middleware has seen the request, so that the page knows its reader."""
        try:
            refuse_large_body(request)
        except BodyTooLarge as error:
            return refusal(request, error)
        return None


class AddressMiddleware:
    """An address with a NUL names nothing: the database cannot even be asked for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if "\0" in request.path_info:
            raise Http404


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The reasons as a page, for htmx as a fragment in the region that is kept for them, for programs as a problem."""
    if is_api(request):
        return problem(request, error.status_code, *error.reasons)
    context = {
        "heading": HEADINGS.get(error.status_code, HEADINGS[422]),
        "reasons": error.reasons,
        "back_url": came_from(request),
    }
    if request.headers.get("HX-Request") != "true":
        return render(request, "refusal.html", context, status=error.status_code)
    response = render(request, "components/refusal_fragment.html", context, status=error.status_code)
    response["HX-Retarget"] = "#refusals"
    response["HX-Reswap"] = "innerHTML show:top"
    return response


def came_from(request: HttpRequest) -> str:
    """The page of this portal the reader came from, or its start."""
    referrer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return referrer if is_ours else "/"
