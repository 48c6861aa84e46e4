"""Which text of a gate's document a reader gets, and how it stands to the records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engagements.changes import describe_changes
from engagements.content import OVER_A_DOCUMENT
from engagements.models import FrozenDocument, Gate
from reports.drafts import draft_of, frozen_snapshot


@dataclass(frozen=True, slots=True)
class Reading:
    """A snapshot to show. `frozen` is the document it comes from; None when the records speak for themselves.

    `changes` are sentences: what a new version would say differently from the last frozen one.
    """

    snapshot: Mapping[str, Any]
    frozen: FrozenDocument | None
    changes: list[str]


def reading_of(gate: Gate, *, may_see_draft: bool) -> Reading | None:
    """What was frozen, for customers and while it is out for signature; otherwise the draft. None if there is none."""
    frozen = gate.current_document
    draft = draft_of(gate) if may_see_draft else None
    changes = describe_changes(frozen.snapshot, draft["content"]) if frozen and draft else []
    if frozen and (draft is None or not changes or gate.state in OVER_A_DOCUMENT):
        return Reading(frozen_snapshot(gate, frozen), frozen, changes)
    return Reading(draft, None, changes) if draft else None
