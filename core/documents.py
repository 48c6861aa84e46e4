"""Rendering, turned round: apps below `reports` ask for a document here, `reports` says how it is drawn."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.origin import current_origin

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
Sealer = Callable[[RenderedDocument], RenderedDocument]

_renderers: dict[str, Renderer] = {}
_sealers: list[Sealer] = []


def register_renderer(kind: str, renderer: Renderer) -> None:
    if kind in _renderers:
        raise ValueError(f"Two renderers for {kind}")
    _renderers[kind] = renderer


def register_sealer(sealer: Sealer) -> None:
    if _sealers:
        raise ValueError("Two sealers")
    _sealers.append(sealer)


def render_sealed(kind: str, snapshot: Snapshot) -> RenderedDocument:
    """The PDF of a snapshot under the portal's seal: what is frozen, sent and signed. Raises as `render_document`."""
    return _sealers[0](render_document(kind, snapshot))


def render_document(kind: str, snapshot: Snapshot) -> RenderedDocument:
    """The PDF of a snapshot (JSON-ready), without a seal: the same snapshot gives the same bytes.

    Belongs to a job: raises RuntimeError inside a web request. Raises DomainError when it cannot.
    """
    if current_origin() is not None:
        raise RuntimeError(f"A document ({kind}) is drawn by a worker, never while somebody waits for a page")
    return _renderers[kind](snapshot)
