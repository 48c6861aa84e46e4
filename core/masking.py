"""What people write, without the passwords and keys in it. The app that knows how to find them registers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_masks: list[Callable[[str], str]] = []


def register_mask(mask: Callable[[str], str]) -> None:
    if mask in _masks:
        raise ValueError(f"{mask} is registered twice")
    _masks.append(mask)


def without_secrets(text: str) -> str:
    """What is kept of it; the blanks around it go as well."""
    kept = text.strip()
    for mask in _masks:
        kept = mask(kept)
    return kept
