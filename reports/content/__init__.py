"""What the documents say: queries, then frozen dataclasses, then JSON-ready values.

The digest of this content decides whether a signed document still holds, so nothing in it may move by itself: no time
of printing, no state of a gate, no version. What belongs to the moment of freezing (who has to sign, what was asked,
how people are called) is taken from the frozen document while that one is out for signature or signed: `settled.py`.
"""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.audit import canonical

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def as_content(document: "DataclassInstance") -> dict[str, Any]:
    """The plain values of a document, as they come back from the database after freezing."""
    content: dict[str, Any] = json.loads(canonical(asdict(document)))
    return content
