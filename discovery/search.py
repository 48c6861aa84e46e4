"""What the search finds of the discovery evidence, for whoever may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.http import urlencode

from accounts.permissions import Permission, organizations_where
from accounts.reach import is_given_everywhere
from accounts.search import MOST_HITS, Hit, register_search
from discovery.finding_search import first_of_all
from discovery.models import Finding, LogReading, Parameter, StoredFile, TranslatedFile, Upload
from engagements.search import holding, place_of, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from accounts.models import User
    from accounts.search import Asked
    from engagements.models.visible import EngagementPartQuerySet

M = TypeVar("M", bound=Model)


def evidence_read_by(reader: User, rows: EngagementPartQuerySet[M]) -> QuerySet[M]:
    """Rows of engagements they see, at customers whose evidence they may read."""
    path = f"{rows.path_to_engagement}__organization"
    seen = rows.visible_to(reader).select_related(path)
    if is_given_everywhere(reader, Permission.VIEW_EVIDENCE):
        return seen
    return seen.filter(**{f"{path}__in": organizations_where(reader, Permission.VIEW_EVIDENCE)})


def find_findings(reader: User, asked: Asked) -> Iterator[Hit]:
    found = evidence_read_by(reader, Finding.objects.all())
    if is_given_everywhere(reader, Permission.VIEW_EVIDENCE):
        found = found.filter(pk__in=first_of_all(asked, MOST_HITS + 1))
    else:
        found = found.filter(_named(asked))
    for finding in found.order_by("-engagement", "number")[: MOST_HITS + 1]:
        url = reverse("discovery:finding", args=[finding.engagement.code, finding.number])
        yield Hit(str(finding), place_of(finding.engagement, finding.host_label, finding.place), url, _state(finding))


def _named(asked: Asked) -> Q:
    """The same as `first_of_all`, for readers of a few engagements."""
    named = holding(asked.words, "title", "rule")
    return named if asked.number is None else named | Q(number=asked.number)


def _state(finding: Finding) -> str:
    gone = ", no longer there" if finding.is_gone else ""
    return f"{finding.get_severity_display()}, {finding.get_state_display().lower()}{gone}"


def find_parameters(reader: User, asked: Asked) -> Iterator[Hit]:
    """By the beginning of the name, in what speaks for each host today."""
    if len(asked.words) > 1:
        return
    spoken = Parameter.objects.filter(name__startswith=asked.text).said_today()
    found = evidence_read_by(reader, spoken).select_related("instance")
    for one in found.order_by("name", "-upload", "pk")[: MOST_HITS + 1]:
        engagement = one.upload.engagement
        page = reverse("discovery:effective", args=[engagement.code, one.upload.number])
        where = place_of(engagement, one.upload.host_label, one.place)
        url = f"{page}?{urlencode({'instance': one.instance.name, 'text': one.name})}"
        yield Hit(one.name, where, url, shortened(str(one)))


def find_evidence(reader: User, asked: Asked) -> Iterator[Hit]:
    """By the beginning of a SHA-256: uploads as they were sent, their files, logs, generated files."""
    if not asked.digest:
        return
    kept: tuple[tuple[EngagementPartQuerySet[Any], Any], ...] = (
        (Upload.objects.all(), _upload),
        (StoredFile.objects.defer("content"), _stored_file),
        (LogReading.objects.defer("figures"), _log),
        (TranslatedFile.objects.defer("content"), _translated_file),
    )
    for rows, hit in kept:
        found = evidence_read_by(reader, rows).filter(sha256__startswith=asked.digest).order_by("-pk")
        yield from (hit(row) for row in found[: MOST_HITS + 1])


def _upload(upload: Upload) -> Hit:
    url = reverse("discovery:upload", args=[upload.engagement.code, upload.number])
    return Hit(str(upload), place_of(upload.engagement, upload.filename), url, _digest(upload.sha256))


def _stored_file(file: StoredFile) -> Hit:
    upload = file.upload
    url = reverse("discovery:file", args=[upload.engagement.code, upload.number, file.path])
    return Hit(file.path, place_of(upload.engagement, str(upload)), url, _digest(file.sha256))


def _log(log: LogReading) -> Hit:
    url = reverse("discovery:log", args=[log.engagement.code, log.number])
    return Hit(str(log), place_of(log.engagement, log.filename), url, _digest(log.sha256))


def _translated_file(file: TranslatedFile) -> Hit:
    made = file.translation
    url = reverse("discovery:translation_file", args=[made.engagement.code, made.number, file.path])
    return Hit(file.path, place_of(made.engagement, str(made)), url, _digest(file.sha256))


def _digest(sha256: str) -> str:
    return f"SHA-256 {sha256[:12]}"


register_search("findings", "Findings", find_findings)
register_search("parameters", "Postfix parameters", find_parameters)
register_search("evidence", "Evidence by its digest", find_evidence)
