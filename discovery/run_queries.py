"""Reads for the runs of an engagement: their list, and two of them against each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import DomainError
from discovery.models import Sighting, StoredFile, Upload
from discovery.queries import estate_of_uploads
from discovery.run_rows import changed_rows
from discovery.runs import Item, Run, RunComparison, compare, items_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from accounts.models import User
    from engagements.models import Engagement

PAIR = 2
TABLES = ("parameters", "services", "maps")


def runs_by_host(engagement: Engagement, reader: User) -> dict[str, list[Upload]]:
    """The uploads that were read, host by host, the latest first: by the day they speak of, then by number."""
    read = Upload.objects.visible_to(reader).filter(engagement=engagement).read()
    hosts: dict[str, list[Upload]] = {}
    for upload in read.select_related("uploaded_by", "same_as", "older_than").latest_first():
        hosts.setdefault(upload.host_label, []).append(upload)
    return hosts


def runs_to_compare(hosts: dict[str, list[Upload]], before: int, after: int) -> tuple[Upload, Upload] | None:
    """The runs that were asked for by number (0: any); without a wish the two latest of a host, None if there are none.

    Raises KeyError for a number that is no run of these hosts, DomainError for the same one twice.
    """
    runs = {upload.number: upload for uploads in hosts.values() for upload in uploads}
    if before in runs and before == after:
        raise DomainError(f"Upload {before} stands on both sides: choose another run to compare it with.")
    if len(runs) < PAIR:
        return None
    latest = runs[after] if after else max(runs.values(), key=lambda upload: (len(hosts[upload.host_label]), upload.pk))
    if before:
        return runs[before], latest
    same_host = hosts[latest.host_label]
    earlier = same_host[same_host.index(latest) + 1 :]
    others = [one for one in runs.values() if one.number != latest.number]
    return (earlier or others)[0], latest


def compare_runs(before: Upload, after: Upload) -> RunComparison:
    """Two uploads that were read. The number of queries does not depend on what they hold.

    A repeated upload is compared by the earlier one that it repeats. Findings are left out where one of the two was
    older than what spoke for its host: nobody looked for them there.
    """
    uploads = [upload.same_as or upload for upload in (before, after)]
    runs = configuration_runs(uploads)
    findings = _finding_items(uploads, is_one_host=before.host_label == after.host_label)
    were_merged = not any(upload.older_than_id for upload in uploads)
    rows, too_large = changed_rows(uploads)
    found = {
        upload.number: {"rows": rows.get(upload.number, [])}
        | ({"findings": findings.get(upload.number, [])} if were_merged else {})
        for upload in uploads
    }
    first, second = (
        replace(
            runs[own.number],
            number=shown.number,
            items={**runs[own.number].items, **found[own.number]},
        )
        for shown, own in zip((before, after), uploads, strict=True)
    )
    comparison = compare(first, second)
    sections = (
        replace(each, too_large=too_large) if each.slug == "rows" else each
        for each in comparison.sections
        if each.slug != "rows" or each.changes or too_large
    )
    return replace(comparison, sections=tuple(sections))


def configuration_runs(uploads: Collection[Upload]) -> dict[int, Run]:
    """Uploads by number with everything they say but their findings."""
    estate = estate_of_uploads(list(uploads), tables=TABLES)
    stored = StoredFile.objects.filter(upload__in=uploads).order_by("path")
    files: dict[int, list[tuple[str, int, str]]] = {}
    for number, path, size, digest in stored.values_list("upload__number", "path", "byte_count", "sha256"):
        files.setdefault(number, []).append((path, size, digest))
    runs = {}
    for upload in uploads:
        own = {name: tuple(row for row in getattr(estate, name) if row.upload == upload.number) for name in TABLES}
        items = items_of(replace(estate, **own), files.get(upload.number, []))
        runs[upload.number] = Run(upload.number, upload.host_label, upload.number, items)
    return runs


def _finding_items(uploads: Sequence[Upload], *, is_one_host: bool) -> dict[int, list[Item]]:
    """Findings keep their number on one host; those of two hosts are paired by what they say."""
    seen = Sighting.objects.filter(upload__in=uploads).exclude(change=Sighting.Change.GONE)
    items: dict[int, list[Item]] = {}
    for one in seen.select_related("finding", "upload").order_by("finding__number"):
        finding = one.finding
        name = f"{finding.reference} {finding.title}" if is_one_host else finding.title
        item = Item(finding.instance_name, name, one.fingerprint, one.file, one.line, finding.number)
        items.setdefault(one.upload.number, []).append(item)
    return items
