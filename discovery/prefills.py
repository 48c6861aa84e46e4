"""What was said before anybody was asked. Apps above register where they know it from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from discovery.questions.values import Value
    from engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Prefill:
    """A value to confirm or correct; `origin` says in words who said it where."""

    value: Value
    origin: str


Source = Callable[["Engagement"], Mapping[str, Prefill]]

_sources: list[Source] = []


def register_prefills(source: Source) -> Source:
    _sources.append(source)
    return source


def prefills_for(engagement: Engagement) -> dict[str, Prefill]:
    """By question. It is shown beside the field and never stored: only people answer."""
    return {question: prefill for source in _sources for question, prefill in source(engagement).items()}
