"""What the laws ask of the models: whose rows they hold, and which of them are written once."""

import pgtrigger
from django.apps import apps
from django.db import models

from accounts.models import Organization
from tests.laws.sources import APPS

_GUARDED = pgtrigger.Update | pgtrigger.Delete


def own_models():
    """The project's models, without those of its libraries."""
    return [model for model in apps.get_models() if model._meta.app_label in APPS]


def label_of(model):
    return model._meta.label


def foreign_keys(model):
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField) and field.concrete
    ]


def path_to(model, target, _seen=()):
    """The lookup from a row to the `target` it belongs to, the shortest; None when there is none.

    People are no path: that a row names who wrote it does not make it theirs.
    """
    if model is target:
        return ""
    found = []
    for field in foreign_keys(model):
        related = field.related_model
        if related in _seen or related._meta.label == "accounts.User":
            continue
        rest = path_to(related, target, (*_seen, model))
        if rest is not None:
            found.append(f"{field.name}__{rest}".rstrip("_"))
    return min(found, key=lambda lookup: lookup.count("__"), default=None)


def path_to_organization(model):
    """The lookup from a row to the organization it belongs to, by way of its engagement or directly."""
    return path_to(model, Organization)


def customer_models():
    """Models whose rows belong to an organization or an engagement, which are among them."""
    return [model for model in own_models() if path_to_organization(model) is not None]


def is_append_only(model):
    """Whether the database refuses to change or remove its rows."""
    return any(
        isinstance(trigger, pgtrigger.Protect) and str(trigger.operation) == str(_GUARDED)
        for trigger in getattr(model._meta, "triggers", [])
    )
