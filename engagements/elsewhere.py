"""What an address names that is no engagement of this portal's own: apps above say where it is instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.shortcuts import get_object_or_404

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet

    from accounts.models import User

    Refusal = Callable[[User, str], None]
    M = TypeVar("M", bound=Model)

_refusals: list[Refusal] = []


def register_elsewhere(refusal: Refusal) -> Refusal:
    """The function gets a reader and a code, and raises a DomainError where it knows the code."""
    _refusals.append(refusal)
    return refusal


def found_or_elsewhere(visible: QuerySet[M], reader: User, code: str, /, **named: Any) -> M:
    """The row; else what an app says of the code, else 404. The lookups of `named` include the code."""
    found = visible.filter(**named).first()
    if found is None:
        for refusal in _refusals:
            refusal(reader, code)
        return get_object_or_404(visible, **named)
    return found
