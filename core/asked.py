"""What a request of the API says, checked before anything uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.utils.html import is_html_input

from core.problems import VersionMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

_DIGITS = 9
_NO_TEXT = "This is a number where text belongs. Send it in quotes."


def checked(serializer: type[BaseSerializer[Any]], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the serializer reads them. Raises ValidationError, which the API answers with 422."""
    asked = serializer(data=sent)
    if not is_html_input(sent) and (wrong := _numbers_for_texts(asked, sent)):  # in a form everything is text
        raise serializers.ValidationError(wrong)
    asked.is_valid(raise_exception=True)
    found: dict[str, Any] = asked.validated_data
    return found


def _numbers_for_texts(field: Any, value: Any) -> dict[str, Any] | list[Any]:
    """What DRF would take for a text by its digits, though the schema says text; in the shape of its own errors."""
    if isinstance(field, serializers.Serializer) and isinstance(value, dict):
        told = {name: _numbers_for_texts(field.fields[name], value[name]) for name in field.fields.keys() & value}
        return {name: wrong for name, wrong in told.items() if wrong}
    if isinstance(field, serializers.ListSerializer | serializers.ListField) and isinstance(value, list):
        wrong = [_numbers_for_texts(field.child, one) for one in value]
        return wrong if any(wrong) else []
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return [_NO_TEXT] if is_number and isinstance(field, serializers.CharField) else []


def version_seen(request: Request, sent: Mapping[str, Any]) -> int:
    """The version this act is about: from If-Match, as the ETag of a read says it, or from `version` in the body."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if tag.isascii() and tag.isdigit() and len(tag) <= _DIGITS:
        return int(tag)
    if tag or sent.get("version") is None:
        raise VersionMissing("Send the ETag you read in If-Match, or its number as “version”.")
    return int(sent["version"])


def at_version(body: Any, version: int, *, status: int = 200) -> Response:
    """An answer whose ETag is what the next act on it has to name."""
    return Response(body, status=status, headers={"ETag": f'"{version}"'})
