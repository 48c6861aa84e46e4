"""Texts too long even for a cell of an annex: they stand once, across the page, and are pointed at by their number.

A configuration line of 100 KB would otherwise fill a narrow column of several tables for fifty pages each. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.sheets.desk import short

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from reports.sheets.numbering import Register

LONGEST, SHOWN = 2_000, 300
# By annex, the parts of the content its template prints.
PRINTED = {
    "details": ("findings",),
    "decisions": ("translation",),
    "agreed": ("overrides", "questions"),
    "responsibilities": ("duties",),
    "weighed": ("chosen",),
}


def annex_content(content: Mapping[str, Any], texts: Register, only: Collection[str] | None) -> Mapping[str, Any]:
    """The content with every text that is too long shortened, and given to `texts` whole."""
    parts = [part for key, parts in PRINTED.items() if only is None or key in only for part in parts if part in content]
    return {**content, **{part: _shortened(content[part], texts) for part in parts}}


def _shortened(value: Any, texts: Register) -> Any:
    if isinstance(value, str):
        return pointed_at(value, texts) if len(value) > LONGEST else value
    if isinstance(value, dict):
        return {key: _shortened(inner, texts) for key, inner in value.items()}
    return [_shortened(inner, texts) for inner in value] if isinstance(value, list | tuple) else value


def pointed_at(text: str, texts: Register) -> str:
    return f"{short(text, SHOWN)} T{texts.number_of(text)}"
