from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engagements.models import FrozenDocument, Gate

_BOOK = Path(__file__).with_name("statements.yaml")


@dataclass(frozen=True, slots=True)
class Statement:
    """The declaration as shown to the signer, and its version."""

    text: str
    version: str


@cache
def _book() -> dict[str, Any]:
    book: dict[str, Any] = yaml.safe_load(_BOOK.read_text(encoding="utf-8"))
    return book


def statement_for(gate: Gate, document: FrozenDocument) -> Statement:
    version = _book()["current"]
    text = _book()["versions"][version].format(
        title=document.title,
        version=document.version,
        organization=gate.engagement.organization,
        number=gate.number,
        phase=gate.label,
    )
    return Statement(text, version)
