"""Reads over several tables of discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, F

from accounts.models.user import person_name
from core.components import HistoryRow
from core.history import history_about
from core.reading import read_once
from discovery.dossiers.book import fields
from discovery.estate import DossierRow, Estate, FindingRow, HostReading, Row, StreamRow, finding_reference
from discovery.fact_fields import INSTANCE_FIELDS, TABLES
from discovery.models import Dossier, Finding, Instance, MissingFile, Severity, Stream, Upload

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import Model

    from engagements.models import Engagement

# Of thousands of rows no model is made: the columns of a FindingRow, as they are named there.
_FINDING_COLUMNS = (
    *("number", "rule", "title", "severity", "confidence", "file", "line", "evidence", "message", "why"),
    *("translation_class", "suggested_classes", "impact", "proposal", "effort", "state", "decision_note"),
)
_DECIDED_BY = ("decided_by__full_name", "decided_by__email")


@read_once
def estate_of(engagement: Engagement) -> Estate:
    """The current inventory. The number of queries does not depend on how much there is."""
    uploads = list(Upload.objects.filter(engagement=engagement).current())
    return estate_of_uploads(
        uploads, findings=_findings(engagement), dossiers=_dossiers(engagement), streams=_streams(engagement)
    )


def facts_of(engagement: Engagement, *tables: str) -> Estate:
    """Hosts, instances, dossiers and some tables of the current inventory; the others are left empty, unread."""
    uploads = list(Upload.objects.filter(engagement=engagement).current())
    return estate_of_uploads(uploads, dossiers=_dossiers(engagement), tables=tables)


def answering_facts(engagement: Engagement, *, tables: Collection[str], rules: Collection[str]) -> Estate:
    """Hosts, some tables of the current inventory and the findings of some rules; the others are left empty, unread."""
    uploads = list(Upload.objects.filter(engagement=engagement).current())
    return estate_of_uploads(uploads, tables=tables, findings=_findings(engagement, rule__in=rules))


def estate_of_uploads(
    uploads: Sequence[Upload],
    *,
    findings: tuple[FindingRow, ...] = (),
    dossiers: tuple[DossierRow, ...] = (),
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
        dossiers=dossiers,
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
    told = history_about(finding)
    if finding.is_noted:
        return told
    first = finding.first_seen or finding.get_source_display()
    return [*told, HistoryRow(at=finding.found_at, sentence=f"{first} showed it first")]


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


def _findings(engagement: Engagement, **wanted: Collection[str]) -> tuple[FindingRow, ...]:
    # Drift is measured against the plan, so the plan is not made from it.
    current = Finding.objects.filter(engagement=engagement, **wanted).current().exclude(source=Finding.Source.DRIFT)
    named = {"host": F("host_label"), "instance": F("instance_name")}
    rows = current.by_severity().values(*_FINDING_COLUMNS, "dismissal", *_DECIDED_BY, **named)
    return tuple(_finding_row(row) for row in rows)


def _finding_row(row: dict[str, Any]) -> FindingRow:
    dismissal, (full_name, email) = row.pop("dismissal"), map(row.pop, _DECIDED_BY)
    return FindingRow(
        **row,
        reference=finding_reference(row["number"]),
        dismissal=Finding.Dismissal(dismissal).label if dismissal else "",
        decided_by=person_name(full_name, email) if email else "",
    )


def _dossiers(engagement: Engagement) -> tuple[DossierRow, ...]:
    return tuple(_dossier_row(dossier) for dossier in Dossier.objects.filter(engagement=engagement))


def _dossier_row(dossier: Dossier) -> DossierRow:
    return DossierRow(
        reference=dossier.reference,
        number=dossier.number,
        kind=dossier.kind,
        name=dossier.name,
        host=dossier.host_label,
        owner=dossier.owner,
        language=dossier.known("language"),
        line_count=dossier.known("line_count"),
        source=dossier.known("source") or Dossier.Source.UNKNOWN.value,
        replacement=dossier.replacement,
        note=dossier.note,
        is_found=dossier.is_found,
        is_gone=dossier.is_gone,
        is_stated=not dossier.is_found or any(dossier.stated(field.key) for field in fields()),
        unknown=tuple(field.label for field in dossier.unknown),
        differs=tuple(field.label for field in dossier.disputed),
        found_as=dossier.found_as,
        found_name=dossier.found_name,
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
