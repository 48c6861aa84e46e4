"""Brings what the rules say now together with what people decided about earlier sayings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.audit import record
from core.numbering import next_number
from discovery.domain.lock_finding import CHANGED, DECIDED, reopen, touch
from discovery.matching import Key, Matching, by_key, match
from discovery.models import Finding, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.models import User
    from discovery.models import Upload
    from discovery.postfix import Finding as Said
    from engagements.models import Engagement


KEY = ("fingerprint", "occurrence")


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """What a look did to the findings of its source and host."""

    new: list[Finding] = field(default_factory=list)
    changed: list[Finding] = field(default_factory=list)
    reopened: list[Finding] = field(default_factory=list)
    returned: list[Finding] = field(default_factory=list)
    gone: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a source: which findings it speaks for, and by which upload if it was a configuration."""

    engagement: Engagement
    source: str
    host_label: str = ""
    upload: Upload | None = None

    def __str__(self) -> str:
        return f"upload {self.upload.number}" if self.upload else Finding.Source(self.source).label.lower()


def look_at(upload: Upload) -> Look:
    return Look(upload.engagement, Finding.Source.CONFIGURATION, upload.host_label, upload)


def merge_findings(look: Look, said: Iterable[Said], *, actor: User) -> FindingChanges:
    """Bring the findings of a source and host up to date. Called under the lock of the engagement.

    Known ones keep number and decision; a dismissed one opens again when its line changed; what is no longer
    said is marked as gone.
    """
    found = by_key(said)
    known = Finding.objects.filter(engagement=look.engagement, source=look.source, host_label=look.host_label)
    matching = match(list(known.select_for_update(of=("self",), no_key=True).order_by("number")), found)
    returned = [finding for finding, _ in matching.same if finding.is_gone]
    reopened = _update_known(matching, found, look, actor)
    for finding in reopened:
        record("finding.reopened", subject=finding, actor=actor, look=str(look))
    changes = FindingChanges(
        new=_create(look, [(key, found[key]) for key in matching.new], actor),
        changed=[finding for finding, _ in matching.changed],
        reopened=reopened,
        returned=returned,
        gone=matching.gone,
    )
    if look.upload:
        _note_sightings(look.upload, changes, [finding for finding, _ in matching.same])
    return changes


def _note_sightings(upload: Upload, changes: FindingChanges, same: list[Finding]) -> None:
    back = {finding.pk for finding in changes.returned}
    seen = [
        *((finding, Sighting.Change.NEW) for finding in changes.new),
        *((finding, Sighting.Change.CHANGED) for finding in changes.changed),
        *((one, Sighting.Change.RETURNED if one.pk in back else Sighting.Change.SAME) for one in same),
        *((finding, Sighting.Change.GONE) for finding in changes.gone),
    ]
    rows = [
        Sighting(
            upload=upload,
            finding=finding,
            change=change,
            file=finding.file,
            line=finding.line,
            fingerprint=finding.fingerprint,
        )
        for finding, change in seen
    ]
    Sighting.objects.bulk_create(rows, batch_size=500)


def _update_known(matching: Matching, found: Mapping[Key, Said], look: Look, actor: User) -> list[Finding]:
    """Save what is known already; the answer are the findings that opened again."""
    reopened = [finding for finding, _ in matching.changed if finding.state == Finding.State.DISMISSED]
    for finding in reopened:
        reopen(finding)
    for finding, _ in matching.changed:
        touch(finding, actor)
    moved, fields = _take_over((*matching.same, *matching.changed), found)
    for finding, key in matching.rekeyed:
        finding.fingerprint, finding.occurrence = key
    Finding.objects.bulk_update([finding for finding, _ in matching.rekeyed], KEY, batch_size=500)
    changed = {finding.pk for finding, _ in matching.changed}
    Finding.objects.bulk_update([one for one in moved if one.pk not in changed], fields, batch_size=500)
    Finding.objects.bulk_update(
        [finding for finding, _ in matching.changed], [*fields, *DECIDED, *CHANGED], batch_size=200
    )
    seen = [finding.pk for finding, _ in (*matching.same, *matching.changed)]
    Finding.objects.filter(pk__in=seen).update(last_seen=look.upload, gone_since=None, gone_at=None)
    back = Finding.objects.filter(pk__in=[finding.pk for finding, _ in matching.same if finding.is_gone])
    back.update(changed_by=actor, changed_at=timezone.now())
    gone = Finding.objects.filter(pk__in=[finding.pk for finding in matching.gone])
    gone.update(gone_since=look.upload, gone_at=timezone.now())
    return reopened


def _take_over(pairs: Iterable[tuple[Finding, Key]], found: Mapping[Key, Said]) -> tuple[list[Finding], list[str]]:
    """Give findings the facts of the new report; the answer are those that differ, and in which fields any does."""
    differing, fields = [], {"line"}
    for finding, key in pairs:
        facts = _facts(found[key], key)
        differences = [name for name, value in facts.items() if getattr(finding, name) != value]
        for name in differences:
            setattr(finding, name, facts[name])
        if differences:
            differing.append(finding)
            fields.update(differences)
    return differing, sorted(fields)


def _create(look: Look, found: list[tuple[Key, Said]], actor: User) -> list[Finding]:
    first = next_number(Finding.objects.filter(engagement=look.engagement))
    now = timezone.now()
    return Finding.objects.bulk_create(
        [
            Finding(
                engagement=look.engagement,
                number=number,
                source=look.source,
                host_label=look.host_label,
                first_seen=look.upload,
                last_seen=look.upload,
                found_at=now,
                changed_by=actor,
                changed_at=now,
                **_facts(said, key),
            )
            for number, (key, said) in enumerate(found, start=first)
        ],
        batch_size=500,
    )


def _facts(said: Said, key: Key) -> dict[str, Any]:
    fingerprint, occurrence = key
    return {
        "instance_name": said.instance,
        "rule": said.rule,
        "title": said.title,
        "severity": said.severity,
        "confidence": said.confidence,
        "file": said.file,
        "line": said.line,
        "evidence": said.evidence,
        "message": said.message,
        "why": said.why,
        "manual": list(said.manual),
        "suggested_classes": dict(said.classes),
        "effort": said.effort,
        "fingerprint": fingerprint,
        "occurrence": occurrence,
    }
