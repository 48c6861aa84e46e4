"""Which text of a gate's document a reader gets, and how it stands to the records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.permissions import Permission, allowed
from engagements.changes import Change, in_sentences
from engagements.content import OUT, OVER_A_DOCUMENT, changes_since
from engagements.models import FrozenDocument, Gate
from reports.drafts import draft_of, frozen_snapshot, review_of


@dataclass(frozen=True, slots=True)
class Reading:
    """A snapshot to show. `frozen` is the document it comes from; None when the records speak for themselves.

    `changes` are what a new version would say differently from the last frozen one. `is_for_all` says that everybody on
    the engagement reads the same.
    """

    snapshot: Mapping[str, Any]
    frozen: FrozenDocument | None
    changes: list[Change]
    is_for_all: bool

    @property
    def version(self) -> int:
        return int(self.snapshot["stamp"]["version"])

    @property
    def told(self) -> list[str]:
        """The first of the changes in sentences, and how many more there are."""
        return in_sentences(self.changes)


def reading_of(gate: Gate, reader: User) -> Reading | None:
    """The one rule of which version is read.

    What is out for signature, or signed, is read as it was frozen. Otherwise the draft is: by whoever may freeze it,
    and by all while it is in review; where it says nothing new, or to anybody else, what was frozen last.
    None when this reader has nothing to read.
    """
    frozen, is_in_review = gate.current_document, review_of(gate) is not None
    draft = draft_of(gate) if is_in_review or may_freeze(gate, reader) else None
    changes = changes_since(frozen, draft["content"]) if frozen and draft else []
    is_settled = gate.state in OUT or (gate.state in OVER_A_DOCUMENT and not is_in_review)
    if frozen and (draft is None or not changes or is_settled):
        return Reading(frozen_snapshot(gate, frozen), frozen, changes, is_for_all=True)
    return Reading(draft, None, changes, is_for_all=is_in_review) if draft else None


def may_freeze(gate: Gate, reader: User) -> bool:
    return bool(allowed(reader, Permission.FREEZE, gate.engagement.organization))
