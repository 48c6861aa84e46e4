"""Lists of the API, a page at a time: each page says by a cursor where the next one begins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from core.keyset import ListedRows, PlaceGone, TableRows
from core.sealing import seal, unseal

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from core.keyset import Place, Rows

LIMIT, CURSOR = "limit", "cursor"
USUAL, MOST = 50, 200
PURPOSE = "cursor of a list"
BY_NUMBER = ("page", "per_page", "offset")
NO_NUMBERS = (
    f"Pages have no numbers: follow “next”, or send its “{CURSOR}”. “{LIMIT}” says how many rows a page has, to {MOST}."
)
NOT_OURS = (
    "This is no cursor of this list with these filters. Nothing was left out: ask without it for the first page, then"
    " follow “next”."
)


class PageAsked(serializers.Serializer[None]):
    """What every list can be asked for."""

    cursor = serializers.CharField(required=False, help_text="As “next” or “previous” holds it.")
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST, default=USUAL, help_text="How many rows a page has."
    )


class Pages(BasePagination):
    """`?limit=200` for fewer requests, and `?cursor=` as `next` and `previous` hold it.

    A cursor is sealed: it holds what the last row was ordered by, and which list with which filters it is of.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Raises ValidationError for a number of a page, for a limit out of bounds and for a cursor of another list."""
        if known := [name for name in BY_NUMBER if name in request.query_params]:
            raise ValidationError({name: [NO_NUMBERS] for name in known})
        self._rows: Rows = _rows(queryset, view)
        self._address, self._about = request.build_absolute_uri(), self._question(request)
        limit, (place, backwards) = _limit(request), self._read(request)
        try:
            found = self._rows.beyond(place, limit + 1, backwards=backwards)
        except PlaceGone:
            raise ValidationError({CURSOR: [NOT_OURS]}) from None
        page, has_more = found[:limit], len(found) > limit
        self._page = page[::-1] if backwards else page
        came = place is not None
        self._has_next, self._has_previous = (came, has_more) if backwards else (has_more, came)
        return self._page

    def get_paginated_response(self, data: Any) -> Response:
        links = {"next": self._link(backwards=False), "previous": self._link(backwards=True)}
        return Response({"count": self._rows.count(), **links, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link: dict[str, Any] = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Of all pages together, as it is now.", "example": 1},
                "next": {**link, "description": "Where the next page is; null on the last."},
                "previous": {**link, "description": "Where the page before is; null on the first."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:  # noqa: ARG002 (its contract)
        bounds = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            {"name": CURSOR, "in": "query", "schema": {"type": "string"}, "description": "As “next” holds it."},
            {"name": LIMIT, "in": "query", "schema": bounds, "description": "How many rows a page has."},
        ]

    def _link(self, *, backwards: bool) -> str | None:
        has_more = self._has_previous if backwards else self._has_next
        if not has_more:
            return None
        if not (self._page or backwards):
            return remove_query_param(self._address, CURSOR)
        # Before an empty page is all there is, the row at the place that was sent too: back from the end.
        place = self._rows.place_of(self._page[0 if backwards else -1]) if self._page else None
        said = json.dumps([self._about, place, backwards], default=str).encode()
        return replace_query_param(self._address, CURSOR, seal(said, purpose=PURPOSE).decode())

    def _read(self, request: Request) -> tuple[Place | None, bool]:
        if CURSOR not in request.query_params:
            return None, False
        try:
            told = json.loads(unseal(request.query_params[CURSOR].encode(), purpose=PURPOSE))
        except InvalidToken:
            raise ValidationError({CURSOR: [NOT_OURS]}) from None
        about, place, backwards = told
        if about != self._about:
            raise ValidationError({CURSOR: [NOT_OURS]})
        return place, backwards

    def _question(self, request: Request) -> list[Any]:
        asked = {name: values for name, values in request.query_params.lists() if name not in {CURSOR, LIMIT}}
        return [request.path, sorted([name, *values] for name, values in asked.items()), self._rows.order]


def _rows(found: Any, view: Any) -> Rows:
    return TableRows(found) if isinstance(found, QuerySet) else ListedRows(found, view.row_name)


def _limit(request: Request) -> int:
    """Raises ValidationError for what is out of bounds: a program would take what it gets for all it asked for."""
    asked = request.query_params.get(LIMIT, str(USUAL))
    if not (asked.isascii() and asked.isdigit() and len(asked) <= len(str(MOST)) and 1 <= int(asked) <= MOST):
        raise ValidationError({LIMIT: [f"Ask for a whole number from 1 to {MOST}."]})
    return int(asked)
