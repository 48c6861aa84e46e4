"""A file in a request of the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.errors import DomainError
from core.uploads import LargeFiles, file_too_large, is_too_large


@extend_schema_field(OpenApiTypes.BINARY)
class SentFile(serializers.FileField):
    """A file of any kind, whose faults are said in the sentences of the domain. Raises DomainError past the limit."""

    def __init__(self, *, large: LargeFiles | None = None, **options: Any) -> None:
        """`large` as its view is marked with."""
        super().__init__(**options)
        self.large = large

    def to_internal_value(self, data: Any) -> Any:
        if not hasattr(data, "file"):
            self.fail("invalid")
        if is_too_large(data, self.large):
            raise DomainError(f"{file_too_large(self.large)}.")
        return data
