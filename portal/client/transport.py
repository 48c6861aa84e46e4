"""How the client of Gatepost asks: with a token, under a key, once more where it was too soon, page after page.

It stands by itself, with nothing beside Python's own library, because it is copied into every client that is written.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

if TYPE_CHECKING:
    from http.client import HTTPResponse

# What a later try may end: too often, away, and a proxy in between that did not hear the portal.
PASSING = frozenset({429, 502, 503, 504})
UNDER_WAY = 409
KEY = "Idempotency-Key"
SOON = 1.0  # seconds, where nobody says how long
NOTHING = 204

File = tuple[str, bytes]
Query = Mapping[str, str | int | float | bool | None]


class Refused(Exception):  # noqa: N818 (named as the sentence it becomes)
    """The portal said no. `reasons` are whole sentences; `fields` says which are about what was sent."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.title = str(problem.get("title", ""))
        self.reasons: list[str] = list(problem.get("reasons", ()))
        self.fields: dict[str, list[str]] = dict(problem.get("fields", {}))
        super().__init__(" ".join(self.reasons) or f"The portal answered {status}.")


class Unheard(Exception):  # noqa: N818 (named as the sentence it becomes)
    """No whole answer came. Whether a POST was done is not known: send it again with `idempotency_key`."""

    def __init__(self, why: object, idempotency_key: str | None) -> None:
        self.idempotency_key = idempotency_key
        super().__init__(f"The portal was not heard ({why}).")


class _Stay(HTTPRedirectHandler):
    """The token goes to the portal and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Transport:
    """`tries` is how often one request is sent where the portal says that it was too soon, and when to come back."""

    def __init__(
        self,
        portal: str,
        token: str,
        *,
        tries: int = 4,
        longest_wait: float = 120,
        timeout: float = 60,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if urlsplit(portal).scheme not in {"http", "https"}:
            raise ValueError("Name the portal as https://host.")
        self._portal, self._token = portal.rstrip("/"), token
        self._tries, self._longest_wait, self._timeout, self._sleep = tries, longest_wait, timeout, sleep
        self._opener: OpenerDirector = build_opener(_Stay)

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        sent: Mapping[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Any:
        """What is answered: of JSON the value, of anything else the bytes. Raises Refused, or Unheard.

        A POST goes under a key, the same one each time it is sent, also where the answer broke off.
        """
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json, */*"}
        if method == "POST":
            headers[KEY] = idempotency_key or str(uuid.uuid4())
        if if_match is not None:
            headers["If-Match"] = if_match
        body = None
        if form is not None:
            headers["Content-Type"], body = _form(form)
        elif sent is not None:
            headers["Content-Type"], body = "application/json", json.dumps(sent).encode()
        return self._send(Request(_address(self._portal, path, query), body, headers, method=method))  # noqa: S310 (the scheme was checked)

    def rows(self, path: str, *, query: Query | None = None) -> Iterator[Any]:
        """Every row of a list: each page is asked for once the one before was read."""
        asked: dict[str, Any] = dict(query or {})
        while True:
            page = self.ask("GET", path, query=asked)
            yield from page["results"]
            if not page["next"]:
                return
            asked["cursor"] = parse_qs(urlsplit(page["next"]).query)["cursor"][0]

    def _send(self, request: Request) -> Any:
        for left in range(self._tries - 1, -1, -1):
            try:
                with self._opener.open(request, timeout=self._timeout) as answer:
                    return _read(answer)
            except HTTPError as error:
                with error:
                    wait = _wait(error)
                    if not left or wait is None or wait > self._longest_wait:
                        raise Refused(error.code, _problem(error)) from None
            except (OSError, HTTPException) as failure:  # refused, broken off, or too late
                if not left:
                    raise Unheard(failure, request.get_header(KEY.capitalize())) from failure
                wait = SOON
            self._sleep(wait)
        raise ValueError("A request is sent at least once: `tries` is 1 or more.")


def _address(portal: str, path: str, query: Query | None) -> str:
    said = {name: _said(value) for name, value in (query or {}).items() if value is not None}
    return f"{portal}{path}?{urlencode(said)}" if said else f"{portal}{path}"


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(answer: HTTPResponse) -> Any:
    body = answer.read()
    if answer.status == NOTHING or not body:
        return None
    is_json = answer.headers.get_content_type() == "application/json"
    return json.loads(body) if is_json else body


def _wait(error: HTTPError) -> float | None:
    """How many seconds to wait before it is asked once more; None where that would not help."""
    told = error.headers.get("Retry-After", "")
    is_under_way = error.code == UNDER_WAY and told
    if error.code not in PASSING and not is_under_way:
        return None
    if told:
        return float(told) if told.isdigit() else None
    return SOON


def _problem(error: HTTPError) -> dict[str, Any]:
    try:
        told = json.loads(error.read())
    except ValueError:  # a proxy in between answered, and not the portal
        return {}
    return told if isinstance(told, dict) else {}


def _form(fields: Mapping[str, Any]) -> tuple[str, bytes]:
    """multipart/form-data: a file is a pair of its name and its bytes."""
    boundary, parts = uuid.uuid4().hex, []
    for name, value in fields.items():
        is_file = isinstance(value, tuple)
        filename = f'; filename="{_quoted(value[0])}"' if is_file else ""
        kind = "\r\nContent-Type: application/octet-stream" if is_file else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{filename}{kind}\r\n\r\n'
        parts += [head.encode(), value[1] if is_file else _said(value).encode(), b"\r\n"]
    return f"multipart/form-data; boundary={boundary}", b"".join([*parts, f"--{boundary}--\r\n".encode()])


def _quoted(name: str) -> str:
    return name.replace("\\", "_").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
