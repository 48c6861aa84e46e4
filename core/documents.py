"""Rendering, turned round: apps below `reports` ask for a document here, `reports` says how it is drawn."""

from collections.abc import Callable, Mapping
from typing import Any

Snapshot = Mapping[str, Any]
Renderer = Callable[[Snapshot], bytes]

_renderers: dict[str, Renderer] = {}


def register_renderer(kind: str, renderer: Renderer) -> None:
    if kind in _renderers:
        raise ValueError(f"Two renderers for {kind}")
    _renderers[kind] = renderer


def render_document(kind: str, snapshot: Snapshot) -> bytes:
    """The PDF of a snapshot (JSON-ready). The same snapshot gives the same bytes. Raises DomainError when it cannot."""
    return _renderers[kind](snapshot)
