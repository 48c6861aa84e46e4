"""The line to the control endpoint of a proxy: one question, one answer, no redirects."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from http.client import HTTPResponse

PATIENCE = 10.0
MOST_BYTES = 1024 * 1024


class LineSilent(Exception):  # noqa: N818 (it is a sentence for people)
    """The proxy did not do as told, or nobody answered; the text says which."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """The token goes nowhere but to the address that was set."""


def ask_proxy(
    url: str, token: str, verb: str, words: dict[str, Any] | None = None, *, generation: int = 0
) -> dict[str, Any]:
    """The status after it. Raises LineSilent; whether the proxy acted is then not known unless it says so.

    The proxy refuses what has a lower generation than it has seen; a rollback counts all the same.
    """
    body = None if verb == "status" else json.dumps(words or {}).encode()
    request = urllib.request.Request(  # noqa: S310 (whoever sets the line may only name http and https)
        f"{url.rstrip('/')}/{verb}",
        data=body,
        method="GET" if body is None else "POST",
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Gatepost-Generation": str(generation),
        },
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    try:
        with opener.open(request, timeout=PATIENCE) as response:
            return _status_in(response)
    except urllib.error.HTTPError as error:
        with error:
            raise LineSilent(_refusal(error)) from error
    except (OSError, ValueError, HTTPException) as error:
        raise LineSilent(f"The proxy does not answer at {url} ({_cause_of(error)}).") from error


def _status_in(response: HTTPResponse) -> dict[str, Any]:
    found = json.loads(response.read(MOST_BYTES))
    if not isinstance(found, dict) or "weights" not in found:
        raise ValueError("what answers there is no proxy")
    return found


def _cause_of(error: Exception) -> str:
    """In words: what the system calls it, without the wrapping of the library."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return (isinstance(cause, OSError) and cause.strerror) or str(cause)


def _refusal(error: urllib.error.HTTPError) -> str:
    try:
        said = json.loads(error.read(MOST_BYTES))["error"]
    except (OSError, ValueError, KeyError, TypeError, HTTPException):
        said = error.reason
    return f"The proxy refused ({error.code}): {said}"


def share_in(status: dict[str, Any], rule: str) -> float | None:
    """What goes the new way under a rule, by a status; None for a rule that the proxy does not know."""
    if status.get("everything"):
        return 100.0 if status["everything"] == "new" else 0.0
    return next((float(row["new"]) for row in status["weights"] if row["rule"] == _full(rule)), None)


def knows(status: dict[str, Any], rule: str) -> bool:
    return any(row["rule"] == _full(rule) for row in status["weights"])


def _full(rule: str) -> str:
    return "split" if rule == "new" else rule
