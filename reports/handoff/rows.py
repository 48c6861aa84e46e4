"""The rows of an engagement as engagement.json spells them, and the file made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.models import User
from core.audit import canonical
from engagements.models import Engagement
from reports.handoff.book import Table, tables, tables_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row = dict[str, Any]
Rows = dict[str, list[Row]]
NUMBER = "number_here"  # of a row in the portal it was written in; `number` is a field of many tables


def rows_of(engagement: Engagement) -> Rows:
    """Of every table, by the numbers of the rows, and of the people that they name."""
    found = some_rows_of(engagement, *(table.name for table in tables()))
    found["engagement"][0]["consultants"] = sorted(engagement.consultants.values_list("pk", flat=True))
    found["engagement"][0]["organization"] = _organization(engagement)
    return {**found, "people": list(_people(found))}


def some_rows_of(engagement: Engagement, *names: str) -> Rows:
    """Of these tables alone."""
    known = {table.model for table in tables()}
    wanted = [table for table in tables() if table.name in names]
    return {table.name: [_row(each, table, known) for each in _kept(table, engagement)] for table in wanted}


def _kept(table: Table, engagement: Engagement) -> Iterable[models.Model]:
    path = table.path or ("pk" if table.name == "engagement" else "signoff__gate__engagement")
    rows = table.model.objects.filter(**{path: engagement.pk}, **table.where)  # type: ignore[attr-defined]  # every model here has `objects`
    return rows.order_by("pk").defer(*(one.name for one in _binary(table.model)))  # type: ignore[no-any-return]  # as above


def _binary(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    return (one for one in model._meta.concrete_fields if isinstance(one, models.BinaryField))


def _row(each: models.Model, table: Table, known: set[type[models.Model]]) -> Row:
    fields = (
        one for one in table.model._meta.concrete_fields if one.name not in table.without and _is_told(one, known)
    )
    told = {one.name: _value(getattr(each, one.attname)) for one in fields if not one.primary_key}
    return {NUMBER: each.pk, **told}


def _is_told(one: models.Field[Any, Any], known: set[type[models.Model]]) -> bool:
    if isinstance(one, models.BinaryField):
        return False
    target = one.related_model
    return target is None or target is User or (target in known and target is not Engagement)


def _value(value: object) -> object:
    """Amounts stand without their currency, which is a field of its own."""
    return getattr(value, "amount", value)


def _organization(engagement: Engagement) -> Row:
    organization = engagement.organization
    return {"name": organization.name, "time_zone": organization.time_zone}


def _people(found: Rows) -> Iterator[Row]:
    """Their names alone: who they are to sign in with stays in the portal they belong to."""
    named = {pk for table in tables() for pk in _named_in(table, found[table.name])}
    named.update(found["engagement"][0]["consultants"])
    for person in User.objects.filter(pk__in=named).order_by("pk"):
        yield {NUMBER: person.pk, "full_name": person.full_name, "job_title": person.job_title}


def _named_in(table: Table, rows: Iterable[Row]) -> Iterator[int]:
    fields = [one.name for one in table.model._meta.concrete_fields if one.related_model is User]
    return (row[name] for row in rows for name in fields if row.get(name))


def engagement_file(found: Rows, code: str) -> bytes:
    """One spelling: the same rows give the same bytes."""
    return canonical({"format": tables_file()["format"], "code": code, "tables": found})
