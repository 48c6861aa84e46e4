"""What a request of the API says, checked before anything uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.response import Response

from core.problems import VersionMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

_DIGITS = 9


def checked(serializer: type[BaseSerializer[Any]], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the serializer reads them. Raises ValidationError, which the API answers with 422."""
    asked = serializer(data=sent)
    asked.is_valid(raise_exception=True)
    found: dict[str, Any] = asked.validated_data
    return found


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
