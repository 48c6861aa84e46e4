"""The two halves of reading an upload: the slow one that writes nothing, and the one that stores what was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.counting import counted
from discovery import postfix
from discovery.domain.announce import announce_reading
from discovery.domain.find_contradictions import find_contradictions
from discovery.domain.find_drift import find_drift
from discovery.domain.find_measured import find_measured
from discovery.domain.make_translation import queue_translation
from discovery.domain.merge_findings import FindingChanges, look_at, merge_findings
from discovery.domain.merge_streams import merge_streams
from discovery.domain.open_dossiers import refresh_dossiers
from discovery.domain.store_facts import store_facts, store_files
from discovery.models import UnreadContent, Upload
from discovery.postfix.audit import audit_masked
from discovery.postfix.masking import mask_bundle
from discovery.reader import reader_digest
from discovery.sealing import unseal
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.mark_stale import mark_stale

if TYPE_CHECKING:
    from accounts.models import User
    from core.jobs import Tell

STAGES = 3
FIRST_DAY = date(1998, 12, 14)  # of the first release of Postfix
LAST_SECOND = 4_102_444_800.0  # the year 2100


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of an upload: its masked files and what they say, or the sentence of a refusal."""

    bundle: postfix.Bundle
    hidden: tuple[postfix.HiddenSecret, ...]
    report: postfix.Report
    newest: float = 0.0


@dataclass(frozen=True, slots=True)
class Refusal:
    sentence: str


def read_upload(upload: Upload, *, tell: Tell) -> Reading | Refusal:
    """Unpack in memory, hide the secrets, then look at what is left. Writes nothing but progress through `tell`."""
    content = unseal(bytes(UnreadContent.objects.get(upload=upload).sealed))
    tell(0, STAGES, f"Opening {upload.filename}")
    try:
        raw = postfix.read_archive(upload.filename, content)
    except postfix.BundleRefused as refused:
        return Refusal(refused.sentence)
    key = settings.FINGERPRINT_KEY.encode()
    tell(1, STAGES, f"Looking for secrets in {counted(len(raw.files), 'file')}")
    bundle, hidden = mask_bundle(raw, key=key)
    newest = raw.newest
    del raw
    tell(2, STAGES, f"Reading {counted(len(bundle.files), 'file')}, {counted(len(hidden), 'secret')} hidden")
    report = audit_masked(bundle, hidden)
    if not report.instances:
        return Refusal(f"There is no main.cf in {upload.filename}: it holds {counted(len(bundle.files), 'file')}.")
    tell(STAGES, STAGES, f"{counted(len(bundle.files), 'file')} read, {counted(len(report.findings), 'finding')}")
    return Reading(bundle, hidden, report, newest)


@transaction.atomic
def store_upload(upload: Upload, reading: Reading | Refusal) -> Upload:
    """Keep what was read, let go of the bytes that were sent, and compare with what is frozen. Twice does nothing.

    It is done in the name of whoever uploaded it.
    """
    engagement = lock_engagement(upload.engagement_id)
    upload = Upload.objects.select_for_update(of=("self",)).select_related("uploaded_by").get(pk=upload.pk)
    upload.engagement, actor = engagement, upload.uploaded_by
    if not upload.is_under_way:
        return upload
    UnreadContent.objects.filter(upload=upload).delete()
    if isinstance(reading, Refusal):
        _refuse(upload, reading, actor)
    else:
        _store(upload, reading, actor)
        mark_stale(engagement, actor=actor)
    announce_reading(upload)
    return upload


def _refuse(upload: Upload, refusal: Refusal, actor: User) -> None:
    upload.state, upload.refusal = Upload.State.REFUSED, refusal.sentence
    upload.save(update_fields=["state", "refusal"])
    record("upload.refused", subject=upload, actor=actor, refusal=refusal.sentence)


def _store(upload: Upload, reading: Reading, actor: User) -> None:
    upload.state, upload.read_at = Upload.State.READ, timezone.now()
    upload.bundle_digest, upload.reader_digest = reading.bundle.sha256, reader_digest()
    upload.file_count, upload.skipped_count = len(reading.bundle.files), len(reading.bundle.skipped)
    upload.secret_count = len(reading.hidden)
    upload.problem_count = sum(len(instance.problems) for instance in reading.report.instances)
    upload.collected_on = upload.collected_on or _day_of(reading.newest, upload)
    upload.same_as = _repeated(upload)
    upload.older_than = None if upload.same_as else _later(upload)
    upload.save()
    if upload.same_as:
        record("upload.repeated", subject=upload, actor=actor, same_as=upload.same_as.number)
        return
    store_files(upload, reading.bundle, reading.hidden)
    store_facts(upload, reading.report)
    if upload.older_than:
        record("upload.older", subject=upload, actor=actor, older_than=upload.older_than.number)
        return
    _speak(upload, reading, actor)


def _speak(upload: Upload, reading: Reading, actor: User) -> None:
    """Take over as what is known of the host."""
    changes = merge_findings(look_at(upload), reading.report.findings, actor=actor)
    proposed = (each for instance in reading.report.instances for each in instance.stream_proposals)
    merge_streams(upload, proposed, actor=actor)
    refresh_dossiers(upload, upload.engagement, actor=actor)
    upload.new_count, upload.changed_count = len(changes.new) + len(changes.returned), len(changes.changed)
    upload.gone_count = len(changes.gone)
    upload.save(update_fields=["new_count", "changed_count", "gone_count"])
    find_drift(upload.engagement, hosts=[upload.host_label], actor=actor)
    find_measured(upload.engagement, actor=actor)
    find_contradictions(upload.engagement, actor=actor)
    queue_translation(upload.engagement, actor=actor)
    _leave_trace(upload, changes, actor)


def _day_of(newest: float, upload: Upload) -> date | None:
    """The day on which the newest file was written, unless it lies in the future or before there was a Postfix."""
    day = datetime.fromtimestamp(min(newest, LAST_SECOND), UTC).date()
    return day if FIRST_DAY <= day <= upload.uploaded_at.date() else None


def _repeated(upload: Upload) -> Upload | None:
    """The upload that speaks for the host, if it holds the same files and the same parser and rules read it."""
    latest = Upload.objects.filter(engagement=upload.engagement, host_label=upload.host_label).current().first()
    told = ("bundle_digest", "reader_digest")
    is_same = latest is not None and all(getattr(latest, name) == getattr(upload, name) for name in told)
    return latest if is_same else None


def _later(upload: Upload) -> Upload | None:
    """The upload of the host, if there is one, that shows it on a later day, or on the same day by a higher number."""
    same_host = Upload.objects.filter(engagement=upload.engagement, host_label=upload.host_label)
    latest = same_host.read().latest_first().first()
    return latest if latest and _moment(latest) > _moment(upload) else None


def _moment(upload: Upload) -> tuple[date, int]:
    return (upload.collected_on or upload.uploaded_at.astimezone(UTC).date(), upload.number)


def _leave_trace(upload: Upload, changes: FindingChanges, actor: User) -> None:
    record(
        "upload.read",
        subject=upload,
        actor=actor,
        files=upload.file_count,
        skipped=upload.skipped_count,
        secrets=upload.secret_count,
        bundle_digest=upload.bundle_digest,
        new=len(changes.new),
        changed=[finding.reference for finding in changes.changed],
        reopened=[finding.reference for finding in changes.reopened],
        gone=[finding.reference for finding in changes.gone],
    )
