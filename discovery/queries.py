"""Reads over several tables of discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, F

from core.audit import describe
from core.components import HistoryRow
from core.models import AuditEvent
from discovery.estate import ComponentRow, Estate, FindingRow, HostReading, Row, StreamRow
from discovery.fact_fields import INSTANCE_FIELDS, TABLES
from discovery.models import Component, Finding, Instance, MissingFile, Severity, Stream, Upload

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import Model

    from engagements.models import Engagement


def estate_of(engagement: Engagement) -> Estate:
    """The current inventory. The number of queries does not depend on how much there is."""
    uploads = list(Upload.objects.filter(engagement=engagement).current())
    return estate_of_uploads(
        uploads, findings=_findings(engagement), components=_components(engagement), streams=_streams(engagement)
    )


def facts_of(engagement: Engagement, *tables: str) -> Estate:
    """Hosts, instances, components and some tables of the current inventory; the others are left empty, unread."""
    uploads = list(Upload.objects.filter(engagement=engagement).current())
    return estate_of_uploads(uploads, components=_components(engagement), tables=tables)


def estate_of_uploads(
    uploads: Sequence[Upload],
    *,
    findings: tuple[FindingRow, ...] = (),
    components: tuple[ComponentRow, ...] = (),
    streams: tuple[StreamRow, ...] = (),
    tables: Collection[str] = TABLES.keys(),
) -> Estate:
    """What given uploads say, without what people decided unless it is handed in."""
    found: dict[str, Any] = {
        name: _rows(model, fields, uploads) if name in tables else () for name, (model, fields) in TABLES.items()
    }
    return Estate(
        hosts=tuple(_host(upload) for upload in uploads),
        instances=_rows(Instance, INSTANCE_FIELDS, uploads, instance=F("name"), file=F("config_directory")),
        missing_files=_rows(MissingFile, ("path", "parameter", "note"), uploads, instance=F("upload__host_label")),
        findings=findings,
        components=components,
        streams=streams,
        **found,
    )


def severity_counts(engagement: Engagement) -> dict[str, dict[str, int]]:
    """How many current findings are in each state, gravest first: {"high": {"open": 2, "accepted": 1}}."""
    counted: dict[str, dict[str, int]] = {}
    current = Finding.objects.filter(engagement=engagement).current().order_by()
    for severity, state, count in current.values_list("severity", "state").annotate(Count("pk")):
        counted.setdefault(severity, {})[state] = count
    return {severity: counted[severity] for severity in Severity.values if severity in counted}


def history_of(finding: Finding) -> list[HistoryRow]:
    """What was decided about a finding, latest first, down to the look that showed it first."""
    events = AuditEvent.objects.filter(
        chain=finding.audit_chain, subject_type=Finding._meta.label, subject_id=str(finding.pk)
    )
    decisions = [HistoryRow(at=event.at, sentence=describe(event)) for event in events.order_by("-sequence")]
    first = finding.first_seen or finding.get_source_display()
    return [*decisions, HistoryRow(at=finding.found_at, sentence=f"{first} showed it first")]


def _rows(model: type[Model], fields: tuple[str, ...], uploads: Sequence[Upload], **places: F) -> tuple[Row, ...]:
    """Facts of some uploads as plain rows, in the order of the hosts and then of the files."""
    named = {
        "_host": F("upload__host_label"),
        "_upload": F("upload__number"),
        "_instance": places.get("instance", F("instance__name")),
        "_file": places.get("file", F("file")),
    }
    has_line = any(field.name == "line" for field in model._meta.get_fields())
    wanted = [*fields, "line"] if has_line else [*fields]
    facts = model._default_manager.filter(upload__in=uploads)  # noqa: SLF001 (Django's documented way to any model)
    found = facts.order_by("upload__host_label", "pk").values(*wanted, **named)
    return tuple(
        Row(
            host=row["_host"],
            upload=row["_upload"],
            instance=row["_instance"],
            file=row["_file"],
            line=row["line"] if has_line else 0,
            values={name: row[name] for name in fields},
        )
        for row in found
    )


def _host(upload: Upload) -> HostReading:
    return HostReading(
        host=upload.host_label,
        upload=upload.number,
        filename=upload.filename,
        sha256=upload.sha256,
        files=upload.file_count,
        skipped=upload.skipped_count,
        not_understood=upload.problem_count,
        secrets_hidden=upload.secret_count,
    )


def _findings(engagement: Engagement) -> tuple[FindingRow, ...]:
    current = Finding.objects.filter(engagement=engagement).current().by_severity().select_related("decided_by")
    return tuple(_finding_row(finding) for finding in current)


def _finding_row(finding: Finding) -> FindingRow:
    return FindingRow(
        number=finding.number,
        reference=finding.reference,
        host=finding.host_label,
        instance=finding.instance_name,
        rule=finding.rule,
        title=finding.title,
        severity=finding.severity,
        confidence=finding.confidence,
        file=finding.file,
        line=finding.line,
        evidence=finding.evidence,
        message=finding.message,
        why=finding.why,
        translation_class=finding.translation_class,
        suggested_classes=finding.suggested_classes,
        impact=finding.impact,
        proposal=finding.proposal,
        effort=finding.effort,
        state=finding.state,
        dismissal=finding.get_dismissal_display() if finding.dismissal else "",
        decision_note=finding.decision_note,
        decided_by=str(finding.decided_by) if finding.decided_by else "",
    )


def _components(engagement: Engagement) -> tuple[ComponentRow, ...]:
    return tuple(
        ComponentRow(
            kind=component.kind,
            name=component.name,
            host=component.host_label,
            owner=component.owner,
            language=component.language,
            line_count=component.line_count,
            source=component.source,
            note=component.note,
        )
        for component in Component.objects.filter(engagement=engagement)
    )


def _streams(engagement: Engagement) -> tuple[StreamRow, ...]:
    return tuple(
        StreamRow(
            number=stream.number,
            reference=stream.reference,
            key=stream.key,
            name=stream.name,
            kind=stream.kind,
            purpose=stream.purpose,
            state=stream.state,
            route=stream.route,
            route_reason=stream.route_reason,
        )
        for stream in Stream.objects.filter(engagement=engagement).kept()
    )
