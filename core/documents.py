"""Rendering, turned round: apps below `reports` ask for a document here, `reports` says how it is drawn."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Snapshot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """A PDF and what one has to know of it to file it."""

    pdf: bytes
    page_count: int

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.pdf).hexdigest()


Renderer = Callable[[Snapshot], RenderedDocument]

_renderers: dict[str, Renderer] = {}


def register_renderer(kind: str, renderer: Renderer) -> None:
    if kind in _renderers:
        raise ValueError(f"Two renderers for {kind}")
    _renderers[kind] = renderer


def render_document(kind: str, snapshot: Snapshot) -> RenderedDocument:
    """The PDF of a snapshot (JSON-ready). The same snapshot gives the same bytes. Raises DomainError when it cannot."""
    return _renderers[kind](snapshot)
