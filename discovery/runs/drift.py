"""What a host says now that it did not say when the plan was made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from discovery.postfix import observe
from discovery.runs.comparison import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discovery.postfix import Finding
    from discovery.runs.comparison import Change, Item, Run

RULES = {
    "parameters": "drift-parameter",
    "services": "drift-service",
    "options": "drift-option",
    "tables": "drift-table",
}
NOT_THERE = "not there"
EMPTY = "empty"


def drift_between(planned: Run | None, now: Run) -> Iterator[Finding]:
    """One saying a difference; None for `planned` is a host of which the plan knew nothing."""
    if planned is None:
        words = {"name": now.host, "now": str(now.number)}
        yield observe("drift-host", words=words, evidence=f"{now.host}: not in the signed plan")
        return
    for section in compare(planned, now).sections:
        if section.slug in RULES:
            for change in section.changes:
                yield drifted(RULES[section.slug], change, planned, now)


def drifted(rule: str, change: Change, planned: Run, now: Run) -> Finding:
    """The place is that of the line now; of a line that is gone it is the place where it was."""
    shown = change.shown
    before, after = value_of(change.before), value_of(change.after)
    words = {
        "name": shown.name,
        "before": before,
        "after": after,
        "planned": str(planned.number),
        "now": str(now.number),
    }
    evidence = f"{shown.name}: {before} when the plan was made, {after} now"
    said = observe(rule, words=words, evidence=evidence, file=shown.file, line=shown.line)
    return replace(said, instance=shown.instance)


def value_of(item: Item | None) -> str:
    return NOT_THERE if item is None else item.value or EMPTY
