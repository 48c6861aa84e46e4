"""How often one person may ask the API. The rates stand in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import UserRateThrottle

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class ReadThrottle(UserRateThrottle):
    scope = "read"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method not in SAFE_METHODS or super().allow_request(request, view)


class ActThrottle(UserRateThrottle):
    scope = "act"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)


class UploadThrottle(UserRateThrottle):
    """A bundle costs a worker seconds, so it has a rate of its own."""

    scope = "upload"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)
