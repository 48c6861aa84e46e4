"""The schema of the API, for programs and as a page for people. Both describe the portal and show nobody's rows."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.problems import KINDS
from core.scopes import Scope
from portal.api_schema import api_schema

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    note: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    example: str

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def anchor(self) -> str:
        return f"{self.method.lower()}{self.path.replace('/', '-').replace('{', '').replace('}', '').rstrip('-')}"


@require_safe
def schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (the same for everybody)
    return JsonResponse(api_schema(), content_type="application/vnd.oai.openapi+json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    problems = [(status, *words) for status, words in KINDS.items()]
    context = {"groups": groups(), "problems": problems, "scopes": Scope.choices, "hours": settings.IDEMPOTENCY_HOURS}
    return render(request, "api/docs.html", context)


@cache
def groups() -> dict[str, list[Operation]]:
    """Operations by what they are about."""
    groups: dict[str, list[Operation]] = defaultdict(list)
    for path, operations in api_schema()["paths"].items():
        for method, said in operations.items():
            groups[said["tags"][0]].append(_operation(path, method, said))
    return dict(sorted(groups.items()))


def _operation(path: str, method: str, said: dict[str, Any]) -> Operation:
    success = next(answer for status, answer in said["responses"].items() if status.startswith("2"))
    return Operation(
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        scope=next((word for one in said.get("security", ()) for words in one.values() for word in words), ""),
        parameters=tuple(_parameter(one) for one in said.get("parameters", ()) if one["in"] == "query"),
        body=tuple(_fields(_content(said.get("requestBody", {})))),
        answer=tuple(_fields(_content(success))),
        example=_example(said.get("requestBody", {})),
    )


def _parameter(said: dict[str, Any]) -> Field:
    return Field(said["name"], _kind(said["schema"]), said.get("description", ""), bool(said.get("required")))


def _content(said: dict[str, Any]) -> dict[str, Any]:
    return next((one["schema"] for one in said.get("content", {}).values()), {})


def _example(said: dict[str, Any]) -> str:
    """What to send, as JSON; of a form that carries a file, nothing."""
    told = said.get("content", {}).get("application/json", {}).get("examples", {})
    return next((json.dumps(one["value"], indent=2, ensure_ascii=False) for one in told.values()), "")


def _resolved(said: dict[str, Any]) -> dict[str, Any]:
    """Through whatever names it; of what may also be null, the rest."""
    while reference := said.get("$ref") or _named_in(said):
        said = api_schema()["components"]["schemas"][reference.rpartition("/")[2]]
    return said


def _named_in(said: dict[str, Any]) -> str:
    parts = [one for one in (*said.get("allOf", ()), *said.get("oneOf", ())) if one != {"type": "null"}]
    return parts[0].get("$ref", "") if len(parts) == 1 else ""


def _fields(said: dict[str, Any]) -> Iterator[Field]:
    """The fields of an object; of a page of a list, those of one row."""
    said = _resolved(said)
    properties = said.get("properties", {})
    if "results" in properties:
        yield from _fields(properties["results"]["items"])
        return
    required = said.get("required", ())
    for name, inner in properties.items():
        yield Field(name, _kind(inner), _resolved(inner).get("description", ""), name in required)


def _kind(said: dict[str, Any]) -> str:
    """text, whole number, moment, list of ..., one of ...: a word for people."""
    said = _resolved(said)
    if options := [one for part in (said, *said.get("oneOf", ())) for one in _resolved(part).get("enum", ())]:
        return "one of " + ", ".join(str(one) for one in options if one not in ("", None))
    if _type_of(said) == "array":
        return f"list of {_kind(said.get('items', {}))}"
    words = {"date-time": "moment", "binary": "file", "uuid": "UUID", "uri": "address"}
    kinds = {"integer": "whole number", "string": "text", "boolean": "true or false", "object": "object"}
    return words.get(said.get("format", ""), kinds.get(_type_of(said), "any value"))


def _type_of(said: dict[str, Any]) -> str:
    """Without the null that it may also be."""
    types = said.get("type", "")
    return next((one for one in types if one != "null"), "") if isinstance(types, list) else str(types)
