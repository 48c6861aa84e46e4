"""What a customer can choose for custom work or a gap, and on which target. Data: choices.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

PRICE = "In the fee"


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    targets: frozenset[str]
    explains: str


@cache
def load_choices() -> Mapping[str, Choice]:
    """By key, in the order in which they are offered."""
    book = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return {key: Choice(key, frozenset(facts["targets"]), facts["explains"]) for key, facts in book.items()}


def choices_for(targets: frozenset[str]) -> list[Choice]:
    """Those that every one of these targets has."""
    return [choice for choice in load_choices().values() if targets <= choice.targets]
