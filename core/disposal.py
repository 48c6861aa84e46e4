"""The one place that removes rows and words for good, also those the database keeps from everybody else.

Rows go in the order of their references, so many in one transaction; each step may be begun again after a crash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pgtrigger
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from core.domain.redact_events import reworded
from core.models import FailingAddress, Job, OutboxAttachment, OutboxMessage
from core.record_classes import OWNER, models_of, record_classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

AT_ONCE = 500  # rows in one transaction
ERASED = "Erased"
Model = type[models.Model]


def in_order(found: Iterable[Model]) -> list[Model]:
    """The models, each after all that point at it. Raises ValueError where they point at each other."""
    left, ordered = list(found), list[Model]()
    while left:
        free = [one for one in left if not any(_points_at(other, one) for other in left if other is not one)]
        if not free:
            raise ValueError(f"They point at each other: {', '.join(one._meta.label for one in left)}")
        ordered += free
        left = [one for one in left if one not in free]
    return ordered


def references(model: Model) -> Iterator[models.ForeignKey[Any, Any]]:
    for one in model._meta.get_fields():
        if isinstance(one, models.ForeignKey) and one.concrete:
            yield one


def _points_at(model: Model, target: Model) -> bool:
    return any(one.related_model is target for one in references(model))


def remove(model: Model, wanted: Q) -> int:
    """Remove the next rows, with what belongs to them alone, and what jobs and mails say of them. 0: none is left.

    Belongs inside a transaction. A model that points at itself goes at once, for its rows hold each other.
    """
    rows = model._base_manager.filter(wanted).order_by("pk")
    is_knotted = _points_at(model, model)
    keys = list(rows.values_list("pk", flat=True).distinct()[: None if is_knotted else AT_ONCE])
    if keys:
        with pgtrigger.ignore():
            _remove(model, keys)
    return len(keys)


def _remove(model: Model, keys: list[Any]) -> None:
    rows = model._base_manager.filter(pk__in=keys)
    owned = {one: list(rows.values_list(one.attname, flat=True)) for one in references(model) if _is_owned(one)}
    _let_go(model, keys)
    _forget(model, keys)
    _delete(rows)
    for one, targets in owned.items():
        _remove_owned(_target(one), [target for target in targets if target is not None])


def _target(reference: models.Field[Any, Any]) -> Model:
    return cast("Model", reference.related_model)


def _is_owned(reference: models.Field[Any, Any]) -> bool:
    label = _target(reference)._meta.label
    return any(one.models.get(label) == OWNER for one in record_classes())


def _remove_owned(model: Model, keys: list[Any]) -> None:
    """Rows that go with the one that pointed at them, and whatever goes with those."""
    for one in (one for each in record_classes() for one in models_of(each) if each.models[one._meta.label] == OWNER):
        for reference in (each for each in references(one) if _target(each) is model):
            _delete(one._base_manager.filter(**{f"{reference.name}__in": keys}))
    _delete(model._base_manager.filter(pk__in=keys))


def _delete(rows: models.QuerySet[Any]) -> None:
    """Without reading the rows first: what points at them is gone already, or the database refuses."""
    rows._raw_delete(rows.db)  # noqa: SLF001 (delete() would load every row with its content, and ask each relation)


def _let_go(model: Model, keys: list[Any]) -> None:
    """Whatever may point at nothing points at nothing."""
    for relation in model._meta.related_objects:
        if getattr(relation, "on_delete", None) is models.SET_NULL:
            pointing = cast("Model", relation.related_model)._base_manager.filter(
                **{f"{relation.field.name}__in": keys}
            )
            pointing.update(**{relation.field.name: None})


def _forget(model: Model, keys: list[Any]) -> int:
    """Jobs about the rows and mails about them: both name them, and neither has a foreign key."""
    about = [str(key) for key in keys]
    jobs = Job.objects.filter(subject_type=model._meta.label, subject_id__in=about, finished_at__isnull=False)
    mails = OutboxMessage.objects.filter(reference_type=model._meta.label, reference_id__in=about)
    FailingAddress.objects.nobodys(mails).delete()
    OutboxAttachment.objects.filter(message__in=mails).delete()
    return mails.delete()[0] + jobs.delete()[0]


def forget_about(model: Model, wanted: Q) -> int:
    """The same for rows that stay."""
    return _forget(model, list(model._base_manager.filter(wanted).values_list("pk", flat=True).distinct()))


def blank(model: Model, wanted: Q, fields: list[str]) -> int:
    """Put one word in place of every text in these fields; what is empty stays empty."""
    return _rewrite(model, wanted, fields, lambda text: ERASED if text else text)


def reword(model: Model, wanted: Q, needles: Iterable[str], replace: Callable[[str], str]) -> int:
    """Replace words in every text of the rows that hold one of the needles. Returns how many rows changed."""
    fields = text_fields(model)
    holds = Q(pk__in=[])
    for name in fields:
        for needle in needles:
            holds |= Q(**{f"as_text_{name}__icontains": needle})
    as_text = {f"as_text_{name}": Cast(name, TextField()) for name in fields}
    keys = model._base_manager.filter(wanted).annotate(**as_text).filter(holds).values_list("pk", flat=True)
    return _rewrite(model, Q(pk__in=list(keys.distinct())), fields, replace) if fields else 0


def text_fields(model: Model) -> list[str]:
    """Fields in which people can write, or the portal about them."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    found = [one for one in model._meta.concrete_fields if isinstance(one, kinds)]
    return [one.name for one in found if not (one.primary_key or one.choices)]


def _rewrite(model: Model, wanted: Q, fields: list[str], replace: Callable[[str], str]) -> int:
    rows = model._base_manager.filter(wanted).only("pk", *fields).iterator(AT_ONCE)
    changed = [row for row in rows if _is_rewritten(row, fields, replace)]
    with pgtrigger.ignore():
        model._base_manager.bulk_update(changed, fields, batch_size=AT_ONCE)
    return len(changed)


def _is_rewritten(row: models.Model, fields: list[str], replace: Callable[[str], str]) -> bool:
    is_changed = False
    for name in fields:
        before = getattr(row, name)
        after = reworded(before, replace)
        limit = getattr(row._meta.get_field(name), "max_length", None)
        if isinstance(after, str) and limit:
            after = after[:limit]
        setattr(row, name, after)
        is_changed = is_changed or after != before
    return is_changed
