"""The OpenAPI schema: drawn up once a process, with the shape of refusals on every operation."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

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


class PortalSchema(AutoSchema):
    """Says of choices and of any JSON what the generator leaves out."""

    def _map_serializer_field(self, field: Any, *arguments: Any, **keywords: Any) -> Any:
        if isinstance(field, serializers.ChoiceField) and field.read_only and _is_blank_at_times(field):
            field.allow_blank = True
        told: dict[str, Any] = super()._map_serializer_field(field, *arguments, **keywords)  # type: ignore[no-untyped-call]  # the library's own
        if told.get("oneOf") == _ANY_OR_NULL:  # null is both, and would be neither
            del told["oneOf"]
        return told


_ANY_OR_NULL = [{}, {"type": "null"}]


def _is_blank_at_times(field: serializers.ChoiceField) -> bool:
    """Whether the column behind a field may hold no choice; fields that are only read do not know."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    columns = {column.name: column for column in model._meta.concrete_fields} if model else {}
    return field.source in columns and columns[field.source].blank


_KEY = {
    "name": HEADER,
    "in": "header",
    "schema": {"type": "string", "pattern": f"^[!-~]{{1,{LONGEST}}}$"},
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


_VERSION = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The ETag of what you read, instead of `version` in what you send. 409 once it has changed.",
}


def add_versions(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """A hook of the generator: what takes a `version` takes If-Match, too."""
    shapes = result["components"].get("schemas", {})
    for operations in result["paths"].values():
        for act in [operations[method] for method in ("post", "put") if method in operations]:
            for content in act.get("requestBody", {}).get("content", {}).values():
                shape = shapes.get(content["schema"].get("$ref", "").rpartition("/")[2], {})
                if "version" in shape.get("properties", {}):
                    act.setdefault("parameters", []).append(_VERSION)
                    break
    return result


def tell_empty_filters(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """A hook of the generator: what may be left out of a query may be sent empty, as forms do, and is left out then."""
    for operations in result["paths"].values():
        for operation in operations.values():
            for asked in operation.get("parameters", ()):
                if asked["in"] == "query" and not asked.get("required") and asked["schema"].get("type") == "string":
                    asked["schema"] = _or_empty(asked["schema"])
    return result


def _or_empty(said: dict[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in said.items() if key != "minLength"}
    if "" not in told.get("enum", [""]):
        told["enum"] = ["", *told["enum"]]
    return told


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
