"""Lists of the API, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination

if TYPE_CHECKING:
    from rest_framework.request import Request


class Pages(PageNumberPagination):
    """`?page=2`, and `?per_page=200` for fewer requests."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "per_page"

    def get_page_size(self, request: Request) -> int | None:
        """Raises ValidationError for what is no number: a program would take the first 50 for all."""
        asked = request.query_params.get(self.page_size_query_param, "1")
        if not (asked.isascii() and asked.isdigit() and int(asked[:9])):
            raise ValidationError({self.page_size_query_param: ["Ask for a whole number from 1 on."]})
        return super().get_page_size(request)
