"""What the portal keeps, in classes: whose it is, for how long and why, and what erasing does with it.

Each app describes its own in a `record_classes.yaml`, registered by its AppConfig.ready(). A lookup in it leads from a
row to the organization it belongs to ("" where it belongs to none; "owner": the row goes with the one that points at
it) and, under `people`, to the person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import yaml
from django.apps import apps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from django.db.models import Model

OWNER = "owner"
ENGAGEMENT_OVER = "engagement over"


class Whose(StrEnum):
    CUSTOMER = "customer"
    CONSULTANCY = "consultancy"
    PERSON = "person"


class Erasing(StrEnum):
    """What becomes of the rows: gone; there, without the words of people; there, with names replaced; as they are."""

    DELETE = "delete"
    BLANK = "blank"
    REDACT = "redact"
    KEEP = "keep"


class OfPerson(StrEnum):
    """What becomes of a person's name in rows of a customer that stays."""

    REPLACE = "replace"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Retention:
    """`days` after `since`, a field of the models or the end of the engagement; without days no round ends it."""

    reason: str
    source: str
    days: int | None = None
    since: str = ""


@dataclass(frozen=True, slots=True)
class RecordClass:
    key: str
    title: str
    holds: str
    whose: Whose
    is_personal: bool
    erasing: Erasing
    retention: Retention
    models: Mapping[str, str]
    why: str = ""
    of_person: OfPerson = OfPerson.REPLACE
    of_person_why: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, list[str]] = field(default_factory=dict)
    blank: Mapping[str, list[str]] = field(default_factory=dict)
    secret: Mapping[str, list[str]] = field(default_factory=dict)
    inside: list[str] = field(default_factory=list)

    def is_inside(self, model: type[Model]) -> bool:
        """Whether the practice keeps the rows for itself, though they go with the customer."""
        return model._meta.label in self.inside


_classes: dict[str, RecordClass] = {}


def register_classes(path: Path) -> None:
    """Make the classes of an app known. Raises ValueError for a key or a model that is registered already."""
    for row in yaml.safe_load(path.read_text(encoding="utf-8")):
        one = _class(row)
        known = {label for each in _classes.values() for label in each.models}
        if one.key in _classes or (twice := known & one.models.keys()):
            raise ValueError(f"Registered twice: {one.key}" if one.key in _classes else f"In two classes: {twice}")
        _classes[one.key] = one


def _class(row: dict[str, Any]) -> RecordClass:
    retention = Retention(**row.pop("retention"))
    whose, erasing = Whose(row.pop("whose")), Erasing(row.pop("erasing"))
    of_person = OfPerson(row.pop("of_person", OfPerson.REPLACE))
    return RecordClass(whose=whose, erasing=erasing, of_person=of_person, retention=retention, **row)


def record_classes() -> list[RecordClass]:
    """All of them, in the order in which the apps are installed."""
    return list(_classes.values())


def models_of(one: RecordClass) -> Iterator[type[Model]]:
    return (apps.get_model(label) for label in one.models)


def class_of(model: type[Model]) -> RecordClass:
    """Raises KeyError for a model that nobody named."""
    found = next((one for one in _classes.values() if model._meta.label in one.models), None)
    if found is None:
        raise KeyError(f"No app says what becomes of {model._meta.label}")
    return found
