"""The rows of the review queue, worded before the template: it shows fifty of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator

from core.templatetags.components import chip
from discovery.models import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from discovery.models import Finding
    from engagements.models import Engagement

# What a row shows; texts that are long and not shown stay in the database.
SHOWN = (
    *("engagement", "number", "version", "title", "severity", "confidence", "host_label", "file", "line", "evidence"),
    *("translation_class", "state", "gone_at", "assignee__email", "assignee__full_name", "duplicate_of__number"),
)
_LETTERS = 160  # of the evidence


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`severity`, `letter` and `standing` are HTML; `sent` is what the box of the row sends, "" where there is none."""

    number: str
    url: str
    reference: str
    title: str
    evidence: str
    severity: str
    known: str
    file: str
    line: str
    whose: str
    letter: str
    standing: str
    sent: str
    is_current: bool
    is_ticked: bool
    is_guess: bool


def queue_rows(
    engagement: Engagement,
    findings: Iterable[Finding],
    *,
    query: str,
    current: int | None,
    ticked: Collection[int],
    may_review: bool,
) -> list[QueueRow]:
    before, _, after = reverse("discovery:finding", args=[engagement.code, 0]).rpartition("0")
    return [
        QueueRow(
            number=str(finding.number),
            url=f"{before}{finding.number}{after}?{query}",
            reference=finding.reference,
            title=finding.title,
            evidence=_shortened(finding.evidence),
            severity=_severity(finding.severity),
            known=" · ".join(filter(None, [finding.get_confidence_display(), finding.host_label])),
            file=finding.file,
            line=f":{finding.line}" if finding.line else "",
            whose=_whose(finding),
            letter=_letter(finding.translation_class),
            standing=_standing(finding.state, is_gone=finding.is_gone),
            sent=f"{finding.number}:{finding.version}" if may_review and not finding.is_gone else "",
            is_current=finding.number == current,
            is_ticked=finding.number in ticked,
            is_guess=finding.is_guess,
        )
        for finding in findings
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= _LETTERS else Truncator(text).chars(_LETTERS)


def _whose(finding: Finding) -> str:
    """Who takes care of it and what it repeats, as the end of a sentence."""
    assignee = f" · {finding.assignee}" if finding.assignee else ""
    repeated = f" · Repeats {finding.duplicate_of.reference}" if finding.duplicate_of else ""
    return assignee + repeated


@cache
def _severity(severity: str) -> str:
    shown = {"severity": severity, "label": Severity(severity).label}
    return render_to_string("discovery/parts/severity.html", shown)


@cache
def _letter(letter: str) -> str:
    return render_to_string("components/chip.html", chip(letter)) if letter else ""


@cache
def _standing(state: str, *, is_gone: bool) -> str:
    return render_to_string("discovery/parts/finding_status.html", {"finding": {"state": state, "is_gone": is_gone}})
