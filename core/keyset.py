"""Rows after a place in an order: by what the row there is ordered by, so that rows which come meanwhile shift nothing.

Every order ends in the primary key, which makes it an order of unique places.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Model

Place = list[Any]


class PlaceGone(Exception):  # noqa: N818 (what happened, in the words of the caller)
    """What the place was said by is not among the rows any more."""


class Rows(Protocol):
    """What a list is cut from."""

    order: str

    def count(self) -> int: ...

    def beyond(self, place: Place | None, most: int, *, backwards: bool) -> list[Any]:
        """In the order of reading: going backwards, the nearest first. Without a place, from the start or the end."""

    def place_of(self, row: Any) -> Place: ...


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an order. PostgreSQL puts null last where nothing else is said, and first going down."""

    name: str
    is_descending: bool = False
    is_null_last: bool = True

    @property
    def reversed(self) -> Term:
        return replace(self, is_descending=not self.is_descending, is_null_last=not self.is_null_last)

    @property
    def expression(self) -> OrderBy:
        nulls = {"nulls_last": True} if self.is_null_last else {"nulls_first": True}
        return OrderBy(F(self.name), descending=self.is_descending, **nulls)

    def value_of(self, row: Any) -> Any:
        """Without asking for a row only for its key."""
        path = self.name.removesuffix("__pk").split("__")
        if self.name.endswith("__pk"):
            path[-1] = f"{path[-1]}_id"
        value = reduce(getattr, path, row)
        return value.isoformat() if isinstance(value, date | datetime) else value

    def beyond(self, value: Any) -> Q:
        if value is None:
            return Q(pk__in=[]) if self.is_null_last else Q(**{f"{self.name}__isnull": False})
        found = Q(**{f"{self.name}__{'lt' if self.is_descending else 'gt'}": value})
        return found | Q(**{f"{self.name}__isnull": True}) if self.is_null_last else found

    def at(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


class TableRows:
    def __init__(self, queryset: QuerySet[Any]) -> None:
        asked = queryset.query.order_by or (queryset.query.default_ordering and queryset.model._meta.ordering) or ()
        self._terms: list[Term] = []
        for each in asked:
            queryset, term = _term(queryset, each, f"cursor_{len(self._terms)}")
            self._terms.append(term)
        if not any(term.name == "pk" for term in self._terms):
            self._terms.append(Term("pk"))
        self._rows = queryset
        self.order = " ".join(f"{term.name}{'-' * term.is_descending}" for term in self._terms)

    def count(self) -> int:
        return int(self._rows.order_by().count())

    def beyond(self, place: Place | None, most: int, *, backwards: bool) -> list[Any]:
        terms = [term.reversed for term in self._terms] if backwards else self._terms
        rows = self._rows if place is None else self._rows.filter(_beyond(terms, place))
        return list(rows.order_by(*[term.expression for term in terms])[:most])

    def place_of(self, row: Any) -> Place:
        return [term.value_of(row) for term in self._terms]


class ListedRows:
    """Rows that come from no table, in an order of their own: a place is what the row there is called.

    Of rows that are called alike, also which of them it is.
    """

    order = "as listed"

    def __init__(self, rows: Sequence[Any], name: Sequence[str]) -> None:
        self._rows, called, seen = rows, [[str(_value(row, each)) for each in name] for row in rows], Counter[str]()
        self._places: list[Place] = []
        for one in called:
            self._places.append([*one, seen[repr(one)]])
            seen[repr(one)] += 1

    def count(self) -> int:
        return len(self._rows)

    def beyond(self, place: Place | None, most: int, *, backwards: bool) -> list[Any]:
        if place is not None and place not in self._places:
            raise PlaceGone
        if place is None:
            return list(self._rows[::-1][:most] if backwards else self._rows[:most])
        at = self._places.index(place)
        return list(self._rows[:at][::-1][:most] if backwards else self._rows[at + 1 : at + 1 + most])

    def place_of(self, row: Any) -> Place:
        return next(place for one, place in zip(self._rows, self._places, strict=True) if one is row)


def _value(row: Any, path: str) -> Any:
    return reduce(getattr, path.split("."), row)


def _beyond(terms: Sequence[Term], place: Place) -> Q:
    """Beyond at the first term, or level with it and beyond at the next, and so on."""
    found, level = Q(), Q()
    for term, value in zip(terms, place, strict=True):
        found |= level & term.beyond(value)
        level &= term.at(value)
    return found


def _term(queryset: QuerySet[Any], asked: Any, name: str) -> tuple[QuerySet[Any], Term]:
    """The part of an order, and the rows with what it is about where that is no column."""
    if isinstance(asked, str):
        asked = OrderBy(F(asked.lstrip("-")), descending=asked.startswith("-"))
    ordered = asked if isinstance(asked, OrderBy) else OrderBy(asked)
    is_null_last = bool(ordered.nulls_last) or not (ordered.descending or ordered.nulls_first)
    about = ordered.expression
    if isinstance(about, F) and (about.name == "pk" or any(_fields(queryset.model, about.name))):
        return queryset, Term(_column(queryset, about.name), ordered.descending, is_null_last)
    return queryset.annotate(**{name: about}), Term(name, ordered.descending, is_null_last)


def _column(queryset: QuerySet[Any], name: str) -> str:
    """What points at a row is ordered by the key of that row."""
    if name in {"pk", queryset.model._meta.pk.name}:
        return "pk"
    fields = list(_fields(queryset.model, name))
    is_pointing = bool(fields) and fields[-1].is_relation and not name.endswith("_id")
    return f"{name}__pk" if is_pointing else name


def _fields(model: type[Model], name: str) -> Iterator[Any]:
    """The fields along a lookup; none for what was annotated."""
    for part in name.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return
        yield field
        if field.is_relation and field.related_model:
            model = field.related_model  # type: ignore[assignment]  # "self" was resolved when the models were loaded
