"""What two snapshots of different formats have in common: a release that adds fields moves no record. Pure."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    Content = Mapping[str, Any]

FORMAT = "format"
Shape = dict[str, Any] | None  # the fields of a value, for a list those of its entries; None where it has none


def comparable(before: Content, after: Content, said_again: Collection[str] = ()) -> tuple[Content, Content]:
    """Both as they are when they have one format, else cut down to the fields that both know.

    `said_again` are parts whose words follow from the others: they are compared within one format only.
    """
    if before.get(FORMAT) == after.get(FORMAT):
        return before, after
    left_out = {FORMAT, *said_again}
    old, new = ({key: value for key, value in side.items() if key not in left_out} for side in (before, after))
    return _cut(old, _shape(new)), _cut(new, _shape(old))


def _shape(value: Any) -> Shape:
    if isinstance(value, dict):
        return {key: _shape(each) for key, each in value.items()} or None
    return reduce(_joined, map(_shape, value), None) if isinstance(value, list) else None


def _joined(one: Shape, other: Shape) -> Shape:
    if one is None or other is None:
        return one or other
    return {key: _joined(one.get(key), other.get(key)) for key in [*one, *other]}


def _cut(value: Any, shape: Shape) -> Any:
    if shape is None:
        return value
    if isinstance(value, dict):
        return {key: _cut(each, shape[key]) for key, each in value.items() if key in shape}
    return [_cut(each, shape) for each in value] if isinstance(value, list) else value
