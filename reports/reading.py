"""Which text of a gate's document a reader gets, and how it stands to the records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.permissions import Permission, allowed
from engagements.content import OVER_A_DOCUMENT, moved_since
from engagements.models import FrozenDocument, Gate
from reports.drafts import draft_of, frozen_snapshot, next_version, review_of


@dataclass(frozen=True, slots=True)
class Reading:
    """A snapshot to show. `frozen` is the document it comes from; None when the records speak for themselves.

    `changes` are sentences: what a new version would say differently from the last frozen one.
    """

    snapshot: Mapping[str, Any]
    frozen: FrozenDocument | None
    changes: list[str]


def reading_of(gate: Gate, reader: User) -> Reading | None:
    """The draft, for whoever may freeze it and for all while it is in review; otherwise what was frozen.

    What is out for signature is read as it was frozen. None when this reader has nothing to read.
    """
    frozen, is_in_review = gate.current_document, review_of(gate) is not None
    draft = draft_of(gate) if is_in_review or may_freeze(gate, reader) else None
    changes = moved_since(frozen, draft["content"]) if frozen and draft else []
    if frozen and (draft is None or not changes or (gate.state in OVER_A_DOCUMENT and not is_in_review)):
        return Reading(frozen_snapshot(gate, frozen), frozen, changes)
    return Reading(draft, None, changes) if draft else None


def may_freeze(gate: Gate, reader: User) -> bool:
    return bool(allowed(reader, Permission.FREEZE, gate.engagement.organization))


def version_read(gate: Gate, reader: User) -> int | None:
    """The number of the version that `reading_of` gives this reader, without putting it together."""
    frozen = gate.current_document
    if review_of(gate) or (may_freeze(gate, reader) and gate.state not in OVER_A_DOCUMENT):
        return next_version(gate)
    return frozen.version if frozen else None


def is_read_by_all(gate: Gate, version: int) -> bool:
    """Whether everybody on the engagement reads that version: it is in review, or frozen."""
    frozen = gate.current_document
    return review_of(gate) is not None or (frozen is not None and frozen.version == version)
