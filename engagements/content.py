"""What a document says, asked of the apps above: each registers the content of the kinds it knows.

The content is the data alone (JSON-ready, without dates of printing): two calls over unchanged records are equal.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from core.audit import digest_of
from engagements.changes import AS_STORED, Change, Wording, changed_fields, describe_changes, in_sentences
from engagements.formats import comparable
from engagements.models import FrozenDocument, Gate

Content = dict[str, Any]
Builder = Callable[[Gate], Content]

# The states in which a gate stands over a frozen document.
OVER_A_DOCUMENT = (Gate.State.SUBMITTED, Gate.State.CHANGES_REQUESTED, Gate.State.SIGNED)
AT_WORK = (Gate.State.OPEN, Gate.State.CHANGES_REQUESTED)  # before signatures are asked for
OUT = (Gate.State.SUBMITTED, Gate.State.SIGNED)  # nothing of it is being written any more


@dataclass(frozen=True, slots=True)
class Contents:
    """How the content of a kind of document is put together, and what of it is not compared."""

    build: Builder
    said_again: Collection[str]
    provenance: tuple[str, ...]


_contents: dict[str, Contents] = {}
_wordings: dict[str, Wording] = {}


def register_content(
    kind: str, builder: Builder, *, said_again: Collection[str] = (), provenance: Collection[str] = ()
) -> None:
    """`said_again` are parts that follow from the others: between two formats they are not compared.

    `provenance` are fields with numbers of records, which are never compared: what the records hold is.
    """
    if kind in _contents:
        raise ValueError(f"Two builders for {kind}")
    _contents[kind] = Contents(builder, said_again, tuple(provenance))


def register_wording(kind: str, wording: Wording) -> None:
    """How the document calls what stands in its content."""
    _wordings[kind] = wording


def wording_of(document: FrozenDocument) -> Wording:
    return _wordings.get(document.kind, AS_STORED)


def kind_for(gate: Gate) -> FrozenDocument.Kind:
    """The first gate signs the migration plan, the others the record of their phase."""
    return FrozenDocument.Kind.PLAN if gate.number == 1 else FrozenDocument.Kind.PHASE_RECORD


def reference_of(gate: Gate) -> str:
    return f"{gate.engagement.code}-G{gate.number}"


def title_of(gate: Gate) -> str:
    return kind_for(gate).label if gate.number == 1 else f"Record of phase {gate.number}: {gate.label}"


def stamp_of(gate: Gate, version: int, digest: str) -> dict[str, Any]:
    """What stands on each page beside the content; `digest` is the content's."""
    return {
        "reference": reference_of(gate),
        "version": version,
        "title": title_of(gate),
        "snapshot_digest": digest,
        "organization": gate.engagement.organization.name,
        "external_reference": gate.external_reference,
    }


def current_content(gate: Gate) -> Content:
    """What the gate's document would say if it were frozen now."""
    return _contents[kind_for(gate)].build(gate)


def moved_since(document: FrozenDocument, content: Content) -> list[str]:
    """What the content says otherwise than the document, in sentences; by the format that the document was frozen with.

    Empty when nothing moved.
    """
    return in_sentences(changes_since(document, content))


def changes_since(document: FrozenDocument, content: Content) -> list[Change]:
    """All of it, the most telling first. Rows in another order, or known from another record, say nothing else."""
    if document.snapshot_digest == digest_of(content):
        return []
    return changed_fields(*both_sides(document, content), wording_of(document))


def moved_between(kind: str, before: Content, after: Content, *, most: int) -> list[str]:
    """Two contents of one format against each other, in sentences that name the part of the document."""
    return describe_changes(before, after, _wordings.get(kind, AS_STORED), most=most)


def both_sides(document: FrozenDocument, content: Content) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A frozen document and another content, cut down to what can be compared."""
    known = _contents.get(document.kind)
    said_again, provenance = (known.said_again, known.provenance) if known else ((), ())
    return comparable(document.snapshot, content, said_again, provenance)


def is_current(document: FrozenDocument, gate: Gate) -> bool:
    return not moved_since(document, current_content(gate))
