"""A file in a request of the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.errors import DomainError
from core.uploads import file_too_large, is_too_large


@extend_schema_field(OpenApiTypes.BINARY)
class SentFile(serializers.FileField):
    """A file of any kind, whose faults are said in the sentences of the domain. Raises DomainError past the limit."""

    def to_internal_value(self, data: Any) -> Any:
        if not hasattr(data, "file"):
            self.fail("invalid")
        if is_too_large(data):
            raise DomainError(f"{file_too_large()}.")
        return data
