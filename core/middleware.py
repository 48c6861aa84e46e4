"""Turns a refusal of the domain into a page that says why and what to do next."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from core.directions import count_turns, has_turns, without_turns
from core.errors import DomainError
from core.problems import is_api, problem
from core.unused import words_sent
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


class DirectionMiddleware:
    """Takes what turns the direction of writing out of words that are sent, and says so. Programs are told to.

    A password stays as it was typed, and files are nobody's words here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        if request.method not in {"POST", "PUT", "PATCH"}:
            return None
        if is_api(request):
            is_turned = request.content_type == "application/json" and has_turns(request.body)
            return refusal(request, DomainError(_TURNED)) if is_turned else None
        if taken := _take_turns_out(request):
            characters = "1 invisible character" if taken == 1 else f"{taken} invisible characters"
            messages.warning(request, f"{characters} that turned the direction of writing, left out. {_KEPT}")
        return None


_TURNED = (
    "The text holds an invisible character that turns the direction of writing (U+061C, U+200E, U+200F, U+202A to "
    "U+202E, or U+2066 to U+2069). Nothing was changed; send it without."
)
_KEPT = "All letters you sent are kept as they were."


def _take_turns_out(request: HttpRequest) -> int:
    """How many were taken out of the form that was sent."""
    words = {name: texts for name, texts in request.POST.lists() if "password" not in name}
    taken = sum(count_turns(text) for texts in words.values() for text in texts)
    if taken:
        cleaned: QueryDict = request.POST.copy()
        for name, texts in words.items():
            cleaned.setlist(name, [without_turns(text) for text in texts])
        cleaned._mutable = False  # noqa: SLF001 (a form that was sent is not for changing, as Django hands it out)
        request.POST = cleaned  # type: ignore[assignment]  # its type of what cannot be changed is private
    return taken


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


def refuse_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django passes it; it is for a log)
    """In place of Django's bare page for a form whose token does not fit (CSRF_FAILURE_VIEW)."""
    if is_api(request):
        return problem(request, 403, "The CSRF token is missing or does not fit the session. Nothing was changed.")
    context = {"typed": words_sent(request), "back_url": came_from(request)}
    return render(request, "refused_form.html", context, status=403)


def came_from(request: HttpRequest) -> str:
    """The page of this portal the reader came from, or its start."""
    referrer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return referrer if is_ours else "/"
