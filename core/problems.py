"""How the API says no: application/problem+json (RFC 9457) with the sentences that a page would show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions

from core.errors import DomainError, UnderWay

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"

# The name of each kind of problem, by its status, and its title. The docs page has a line for each.
KINDS = {
    400: ("unreadable", "This could not be read"),
    401: ("sign-in", "Sign in first"),
    403: ("refused", "You may not do this"),
    404: ("nothing-here", "There is nothing here"),
    405: ("other-method", "This address does not take that method"),
    406: ("other-form", "There is no such form of the answer"),
    409: ("not-now", "This cannot be done now"),
    413: ("too-large", "This is too large"),
    415: ("other-content", "This kind of content is not read here"),
    422: ("not-as-asked", "This cannot be done as asked"),
    428: ("version-missing", "Say which version you saw"),
    429: ("too-often", "This was tried too often"),
    500: ("fault", "The portal made an error"),
    503: ("away", "The database does not answer just now"),
}

# What the framework refuses by itself, in sentences of the house.
SENTENCES: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: (
        "Sign in, or send an access token: “Authorization: Bearer ...”. You make one on your profile."
    ),
    exceptions.AuthenticationFailed: (
        "This access token is not known, has run out or was revoked. Make a new one on your profile."
    ),
    exceptions.MethodNotAllowed: "{method} is not understood here; the Allow header says what is.",
    exceptions.UnsupportedMediaType: "Send JSON (application/json); a file as multipart/form-data.",
    exceptions.NotAcceptable: "The API answers in JSON: ask for application/json.",
    exceptions.Throttled: "Wait {wait} s, then ask again.",
    exceptions.ParseError: "What was sent is not valid JSON, or not a whole form.",
}


class VersionMissing(DomainError):  # noqa: N818 (named as the sentence it becomes)
    """An act on something that others may have changed did not say which version it is about."""

    status_code = 428


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(PREFIX)


def problem(
    request: HttpRequest, status: int, *reasons: str, fields: Mapping[str, list[str]] | None = None
) -> JsonResponse:
    """`reasons` are whole sentences; `fields` says which of them are about what was sent under which name."""
    return JsonResponse(
        problem_body(request.path, status, *reasons, fields=fields), status=status, content_type=MEDIA_TYPE
    )


def problem_body(
    path: str, status: int, *reasons: str, fields: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    kind, title = KINDS.get(status, KINDS[422])
    body: dict[str, Any] = {
        "type": f"{PREFIX}docs/#problem-{kind}",
        "title": title,
        "status": status,
        "detail": " ".join(reasons),
        "instance": path,
        "reasons": list(reasons),
    }
    if fields:
        body["fields"] = dict(fields)
    return body


def answer_exception(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The exception handler of the API. None for a fault: it goes on to the log and to handler500."""
    request: HttpRequest = context["request"]
    if isinstance(error, DomainError):
        answer = problem(request, error.status_code, *error.reasons)
        if isinstance(error, UnderWay):
            answer["Retry-After"] = "1"
        return answer
    if isinstance(error, Http404 | exceptions.NotFound):
        return problem(request, 404, "There is nothing at this address, or it is not yours to see.")
    if isinstance(error, PermissionDenied):
        return problem(request, 403, "You may not do this.")
    if isinstance(error, exceptions.ValidationError):
        fields = dict(_by_field(error.detail))
        return problem(request, 422, *_sentences(fields), fields=fields)
    return _framework_problem(request, error) if isinstance(error, exceptions.APIException) else None


def _framework_problem(request: HttpRequest, error: exceptions.APIException) -> HttpResponse:
    answer = problem(request, error.status_code, *_reasons(request, error))
    if header := getattr(error, "auth_header", ""):
        answer["WWW-Authenticate"] = header
    if wait := _seconds(error):
        answer["Retry-After"] = str(wait)
    return answer


def _reasons(request: HttpRequest, error: exceptions.APIException) -> tuple[str, ...]:
    if isinstance(error, exceptions.PermissionDenied) and "CSRF" in str(error.detail):
        return ("The X-CSRFToken header is missing or not yours. Programs use an access token instead.",)
    said = next((sentence for kind, sentence in SENTENCES.items() if isinstance(error, kind)), str(error.detail))
    return (said.format(method=request.method, wait=_seconds(error)),)


def _seconds(error: exceptions.APIException) -> int:
    """How long somebody who asked too often has to wait; 0 for every other error."""
    wait: float | None = getattr(error, "wait", None)
    return 0 if wait is None else int(wait) + 1


def _by_field(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Flattens nested errors to ("findings.0.version", [sentences]). Errors of the whole stand under an empty name."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            here = "" if name == "non_field_errors" else str(name)
            yield from _by_field(inner, ".".join(filter(None, (path, here))))
    elif any(isinstance(one, dict | list) for one in detail):
        for index, inner in enumerate(detail):
            if inner:
                yield from _by_field(inner, ".".join(filter(None, (path, str(index)))))
    else:
        yield path, [str(one) for one in detail]


def _sentences(fields: Mapping[str, list[str]]) -> Iterator[str]:
    for name, errors in fields.items():
        for error in errors:
            yield f"{name}: {error}" if name else error
