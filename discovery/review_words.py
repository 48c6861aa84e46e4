"""What an act of the review is called, in the sentences people read about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discovery.domain.lock_finding import who_changed
from discovery.estate import finding_reference
from discovery.models import ReviewStep

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from discovery.domain.undo_review import Undone
    from discovery.models import Finding

DONE = {
    ReviewStep.Act.ACCEPT: "accepted",
    ReviewStep.Act.DISMISS: "dismissed",
    ReviewStep.Act.MERGE: "merged",
    ReviewStep.Act.CLASSIFY: "given a class",
    ReviewStep.Act.ASSIGN: "assigned",
}
UNDONE = {
    ReviewStep.Act.ACCEPT: "open again",
    ReviewStep.Act.DISMISS: "open again",
    ReviewStep.Act.MERGE: "open again, and no longer merged",
    ReviewStep.Act.CLASSIFY: "class as it was before",
    ReviewStep.Act.ASSIGN: "assigned as before",
}
MOST_NAMED = 5


def listed(numbers: Iterable[int]) -> str:
    """The first few by number: "F-001, F-002 and 3 more"."""
    references = [finding_reference(number) for number in sorted(numbers)]
    if len(references) > MOST_NAMED + 1:
        return f"{', '.join(references[:MOST_NAMED])} and {len(references) - MOST_NAMED} more"
    return " and ".join(part for part in (", ".join(references[:-1]), references[-1]) if part)


def told(act: ReviewStep.Act, numbers: Sequence[int]) -> str:
    """What was done to which: "2 findings accepted: F-001 and F-002"."""
    count = len(numbers)
    return f"{count} finding{'s' if count != 1 else ''} {DONE[act]}: {listed(numbers)}"


def told_undone(undone: Undone) -> str:
    return f"Taken back. {listed(finding.number for finding in undone.findings)}: {UNDONE[undone.act]}."


def told_left_alone(findings: Sequence[Finding]) -> str:
    """Who changed what an undo therefore did not touch."""
    told_of = " ".join(who_changed(finding) for finding in findings[:MOST_NAMED])
    rest = len(findings) - MOST_NAMED
    more = f" {rest} more were changed as well." if rest > 0 else ""
    return f"Left alone, because somebody changed it since. {told_of}{more}"
