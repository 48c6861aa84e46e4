"""What two snapshots of different formats have in common: a release that adds fields moves no record. Pure."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache, lru_cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Content = Mapping[str, Any]

FORMAT = "format"
_REWORDINGS = Path(__file__).with_name("rewordings.yaml")
Shape = dict[str, Any] | None  # the fields of a value, for a list those of its entries; None where it has none


def comparable(
    before: Content, after: Content, said_again: Collection[str] = (), provenance: tuple[str, ...] = ()
) -> tuple[Content, Content]:
    """Both whole when they have one format, else cut down to the fields that both know; with the words of today.

    Words are those of today within one format too: it may have been frozen with a record that was stored before them.
    `said_again` are parts whose words follow from the others: they are compared within one format only. `provenance`
    are patterns of the paths ("estate.*.upload") of fields that say from which record of the portal something is known:
    never compared.
    """
    before, after = (_known(_reworded(side), provenance) for side in (before, after))
    if before.get(FORMAT) == after.get(FORMAT):
        return before, after
    left_out = {FORMAT, *said_again}
    old, new = ({key: value for key, value in side.items() if key not in left_out} for side in (before, after))
    return _cut(old, _shape(new)), _cut(new, _shape(old))


@cache
def _rewordings() -> Sequence[tuple[re.Pattern[str], str]]:
    rows = yaml.safe_load(_REWORDINGS.read_text(encoding="utf-8"))
    return [(re.compile(row["was"]), row["now"]) for row in rows]


def _reworded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reworded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_reworded(each) for each in value]
    if isinstance(value, str):
        return reduce(lambda text, row: row[0].sub(row[1], text), _rewordings(), value)
    return value


def _known(value: Any, provenance: tuple[str, ...], path: str = "") -> Any:
    """Without the numbers of the records that it was taken from."""
    if isinstance(value, dict):
        places = {key: f"{path}.{key}" if path else key for key in value}
        kept = [key for key in value if not _is_provenance(places[key], provenance)]
        return {key: _known(value[key], provenance, places[key]) for key in kept}
    return [_known(each, provenance, path) for each in value] if isinstance(value, list) else value


@lru_cache(maxsize=4096)
def _is_provenance(place: str, provenance: tuple[str, ...]) -> bool:
    return any(fnmatchcase(place, pattern) for pattern in provenance)


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
