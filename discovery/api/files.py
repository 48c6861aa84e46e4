"""A file in a request of the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.BINARY)
class SentFile(serializers.FileField):
    """A file of any size and kind: the domain says in its own sentences what is wrong with one."""

    def to_internal_value(self, data: Any) -> Any:
        if not hasattr(data, "file"):
            self.fail("invalid")
        return data
