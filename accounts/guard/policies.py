"""Which rows of which table a guarded reader may read and write, out of the columns that lead to whose they are.

A condition names the parent's table only: the parent's own policy holds inside it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast

from django.apps import apps
from django.db.models import ForeignKey

from accounts.guard.book import guard_book

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

PREFIX = "gatepost_"
# The settings that say what the reader sees, by what the rows of the model itself are asked for.
ROOTS = {"engagements.Engagement": "gatepost_engagements()", "accounts.Organization": "gatepost_organizations()"}


def policies() -> dict[str, str]:
    """The condition by table. A model that leads nowhere, or is open for a reason, has none."""
    return dict(sorted(_all()))


def policy_name(condition: str) -> str:
    """Says what it holds, so that one that differs is known by its name."""
    return PREFIX + hashlib.sha256(condition.encode()).hexdigest()[:16]


def _all() -> Iterator[tuple[str, str]]:
    for model in apps.get_models(include_auto_created=True):
        if condition := condition_of(model):
            yield model._meta.db_table, condition


def condition_of(model: type[Model]) -> str | None:
    """None: no policy. A column that may be empty says nothing about the rows in which it is."""
    book = guard_book()
    label = model._meta.label
    if label in book.open:
        return None
    if label in book.conditions:
        return book.conditions[label]
    if root := ROOTS.get(label):
        return f"id = ANY ((SELECT {root})::bigint[])"
    return _by_column(model)


def _by_column(model: type[Model]) -> str | None:
    steps = {field: steps_to_root(parent_of(field)) for field in required(model)}
    known = {field: count for field, count in steps.items() if count is not None}
    if not known:
        return None
    field = min(known, key=lambda one: (known[one], parent_of(one)._meta.label != "engagements.Engagement"))
    parent = parent_of(field)._meta
    if root := ROOTS.get(parent.label):
        return f"{field.column} = ANY ((SELECT {root})::bigint[])"
    table = model._meta.db_table
    return f"EXISTS (SELECT FROM {parent.db_table} p WHERE p.{parent.pk.column} = {table}.{field.column})"


def required(model: type[Model]) -> list[ForeignKey[Model, Model]]:
    """The columns that point at another row in every row."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, ForeignKey) and not field.null]


def parent_of(field: ForeignKey[Model, Model]) -> type[Model]:
    """What is loaded is a model: "self" stands only in the code of one."""
    return cast("type[Model]", field.related_model)


def steps_to_root(model: type[Model], seen: tuple[type[Model], ...] = ()) -> int | None:
    """How many columns away the engagement or organization stands. People are no way there."""
    if model._meta.label in ROOTS or model._meta.label in guard_book().conditions:
        return 0
    if model._meta.label in ("accounts.User", *guard_book().open) or model in seen:
        return None
    found = [steps_to_root(parent_of(field), (*seen, model)) for field in required(model)]
    return min((count + 1 for count in found if count is not None), default=None)
