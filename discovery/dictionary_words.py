"""Words of the dictionary and of what overrides it."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from discovery.translation.book import load_book
from discovery.translation.overrides import EVERYWHERE
from discovery.translation.treatments import DROPPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discovery.models import DictionaryOverride

CLASS_WORDS: Mapping[str, str] = MappingProxyType(
    {"N": "Native", "R": "Rewrite", "C": "Custom work", "X": "Gap", DROPPED: "Dropped"}
)
RELATION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "equal": "Does the same",
        "subset": "Does a part of it",
        "superset": "Does it, and more",
        "intersect": "Does something that overlaps with it",
        "none": "Does nothing of it",
    }
)
CONFIDENCE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "certain": "Certain: stated by the documentation",
        "likely": "Likely: read together from the documentation",
        "guess": "A guess: rests on what the documentation does not say",
    }
)
NOT_OVERRIDDEN = frozenset({"asleep"})  # Postfix itself makes nothing of it, whoever says what


@cache
def kinds() -> tuple[str, ...]:
    """The kinds of constructs that can be spoken of, in the order of the dictionary."""
    return tuple(dict.fromkeys(row.kind for row in load_book().rows if row.kind not in NOT_OVERRIDDEN))


def reach_of(override: DictionaryOverride) -> str:
    return override.engagement.code if override.engagement else EVERYWHERE
