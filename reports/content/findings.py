"""What the rules said about the customer's lines, and what people answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from discovery.models import Finding, Severity, TranslationClass
from engagements.models import Engagement
from reports.content.settled import People


@dataclass(frozen=True, slots=True)
class FindingRow:
    reference: str
    title: str
    host: str
    upload: int
    place: str
    evidence: str
    message: str
    why: str
    confidence: str
    translation: str
    impact: str
    proposal: str
    decision: str
    note: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeverityGroup:
    severity: str
    label: str
    count: int
    unanswered: int
    rows: Sequence[FindingRow] = field(default_factory=tuple)


def findings_of(engagement: Engagement, numbers: Mapping[str, int], people: People) -> list[SeverityGroup]:
    """Every severity in the order of urgency, also those without findings: a zero is said. `numbers` cites uploads."""
    shown = engagement.findings.current().exclude(source=Finding.Source.DRIFT)  # measured against the plan itself
    rows = list(shown.select_related("decided_by").order_by("number"))
    return [
        _group(severity, [row for row in rows if row.severity == severity], numbers, people) for severity in Severity
    ]


def _group(severity: Severity, rows: Sequence[Finding], numbers: Mapping[str, int], people: People) -> SeverityGroup:
    return SeverityGroup(
        severity=severity.value,
        label=severity.label,
        count=len(rows),
        unanswered=sum(row.state == Finding.State.OPEN for row in rows),
        rows=[_row(row, numbers.get(row.host_label, 0), people) for row in rows],
    )


def _row(row: Finding, upload: int, people: People) -> FindingRow:
    return FindingRow(
        reference=row.reference,
        title=row.title,
        host=row.host_label,
        upload=upload,
        place=row.place,
        evidence=row.evidence,
        message=row.message,
        why=row.why,
        confidence=row.get_confidence_display(),
        translation=TranslationClass(row.translation_class).label if row.translation_class else "",
        impact=row.impact,
        proposal=row.proposal,
        decision=_decision(row),
        note=row.decision_note,
        decided_by=people.name_of(row.decided_by),
        decided_at=row.decided_at,
    )


def _decision(row: Finding) -> str:
    if row.state == Finding.State.DISMISSED:
        return f"Dismissed: {row.get_dismissal_display().lower()}"
    return "Accepted" if row.state == Finding.State.ACCEPTED else "Not answered yet"
