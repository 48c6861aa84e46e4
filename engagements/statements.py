from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.languages import FIRST
from engagements.models import FrozenDocument, Gate, SignOff
from engagements.parties import party_names

# What can be reserved, as the ledger keeps it, and the text of one row of each.
Reserved = dict[str, list[dict[str, str]]]
_RESERVED = {"conditions": "condition", "kept": "earlier", "let_fall": "earlier", "held": "part", "approved": "ended"}
_BOOK = Path(__file__).with_name("statements.yaml")


@dataclass(frozen=True, slots=True)
class Statement:
    """The declaration as shown to the signer, its version, and its language."""

    text: str
    version: str
    language: str = FIRST


@cache
def _book() -> dict[str, Any]:
    book: dict[str, Any] = yaml.safe_load(_BOOK.read_text(encoding="utf-8"))
    return book


def statement_for(gate: Gate, document: FrozenDocument) -> Statement:
    return _stated(_book(), gate, document)


def revocation_statement(signoff: SignOff) -> Statement:
    return _stated(_book()["revocation"], signoff.gate, signoff.document, reference=signoff.reference)


def language_of(text: str) -> str:
    """Of a declaration as it was stored, by how it begins: those of earlier releases are English in every document."""
    books = (_book()["versions"], _book()["revocation"]["versions"])
    known = [row for book in books for texts in book.values() for row in texts.items()]
    return next((language for language, said in known if text.startswith(said.partition("{")[0])), FIRST)


def declared(statement: str, document: FrozenDocument, reserved: Reserved) -> str:
    """A declaration with what its signer reserves, in the language of the document. Dates as ISO 8601 writes them."""
    texts, organization = _book()["reserved"][document.language], str(document.engagement.organization)
    parts = [statement]
    for key, row_text in _RESERVED.items():
        rows = [
            texts[row_text].format(
                number=number, **row | {"party": texts["and"].join(party_names(row.get("party", ""), organization))}
            )
            for number, row in enumerate(reserved[key], start=1)
        ]
        parts += [texts[key].format(rows="; ".join(rows))] if rows else []
    return " ".join(parts)


def _stated(book: dict[str, Any], gate: Gate, document: FrozenDocument, **more: str) -> Statement:
    version, language = book["current"], document.language
    text = book["versions"][version][language].format(
        **more,
        title=_title(gate, document),
        version=document.version,
        organization=gate.engagement.organization,
        number=gate.number,
        phase=gate.label,
    )
    return Statement(text, version, language)


def _title(gate: Gate, document: FrozenDocument) -> str:
    titles = _book()["titles"].get(document.language, {})
    return str(titles[document.kind].format(number=gate.number)) if document.kind in titles else document.title
