"""The OpenAPI schema: drawn up once a process, with the shape of refusals on every operation."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from core.problems import MEDIA_TYPE
from core.repeats import HEADER, LONGEST, REPLAYED

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `reasons` are whole sentences; `fields` says which are about what was sent.",
    "required": ["type", "title", "status", "detail", "instance", "reasons"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "reasons": {"type": "array", "items": {"type": "string"}},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
_REFUSED = {
    "description": "Refused, with the reasons.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


_KEY = {
    "name": HEADER,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    "description": (
        "A word of your own for this act. The same request with the same key is done once and answered the same, for"
        f" {settings.IDEMPOTENCY_HOURS} hours, with `{REPLAYED}: true`; another request with it is refused with 422,"
        " and with 409 while the first is under way. An answer that was a file, or showed a secret, is not kept: 409."
    ),
}


def add_keys(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """A hook of the generator: each POST may be sent twice without being done twice."""
    for operations in result["paths"].values():
        if "post" in operations:
            operations["post"].setdefault("parameters", []).append(_KEY)
    return result


def add_problems(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """A hook of the generator: whatever is not a success is a problem."""
    result["components"].setdefault("schemas", {})["Problem"] = _PROBLEM
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", _REFUSED)
    return result


@cache
def api_schema() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # the library's own
    return schema
