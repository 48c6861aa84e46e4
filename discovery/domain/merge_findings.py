"""Brings what the rules say about a new upload together with what people decided about earlier ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone

from core.audit import record
from discovery.domain.lock_finding import CHANGED, DECIDED, reopen, touch
from discovery.matching import Key, Matching, by_key, match
from discovery.models import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.models import User
    from discovery.models import Upload
    from discovery.postfix import Finding as Said

FOLLOWS = (
    "instance_name",
    "rule",
    "title",
    "severity",
    "confidence",
    "file",
    "line",
    "evidence",
    "message",
    "why",
    "manual",
    "suggested_classes",
    "effort",
    "fingerprint",
    "occurrence",
    "last_seen",
    "gone_since",
)


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """What an upload did to the findings of its host."""

    new: list[Finding] = field(default_factory=list)
    changed: list[Finding] = field(default_factory=list)
    reopened: list[Finding] = field(default_factory=list)
    gone: list[Finding] = field(default_factory=list)


def merge_findings(upload: Upload, said: Iterable[Said], *, actor: User) -> FindingChanges:
    """Bring the findings of a host up to date. Part of reading an upload, under the lock of its engagement.

    Known ones keep number and decision; a dismissed one opens again when its line changed; what the upload no longer
    shows is marked as gone.
    """
    found = by_key(said)
    of_host = Finding.objects.filter(engagement=upload.engagement, host_label=upload.host_label)
    matching = match(list(of_host.select_for_update(of=("self",)).order_by("number")), found)
    reopened = _update_known(matching, found, upload, actor)
    for finding in reopened:
        record("finding.reopened", subject=finding, actor=actor, upload=upload.number)
    return FindingChanges(
        new=_create(upload, [(key, found[key]) for key in matching.new], actor),
        changed=[finding for finding, _ in matching.changed],
        reopened=reopened,
        gone=matching.gone,
    )


def _update_known(matching: Matching, found: Mapping[Key, Said], upload: Upload, actor: User) -> list[Finding]:
    """Save what is known already; the answer are the findings that opened again."""
    for finding, key in (*matching.same, *matching.changed):
        for name, value in _facts(found[key], key).items():
            setattr(finding, name, value)
        finding.last_seen, finding.gone_since = upload, None
    for finding in matching.gone:
        finding.gone_since = upload
    reopened = [finding for finding, _ in matching.changed if finding.state == Finding.State.DISMISSED]
    for finding in reopened:
        reopen(finding)
    for finding, _ in matching.changed:
        touch(finding, actor)
    touched = [finding for finding, _ in (*matching.same, *matching.changed)] + matching.gone
    Finding.objects.bulk_update(touched, [*FOLLOWS, *DECIDED, *CHANGED], batch_size=200)
    return reopened


def _create(upload: Upload, found: list[tuple[Key, Said]], actor: User) -> list[Finding]:
    latest = Finding.objects.filter(engagement=upload.engagement).aggregate(latest=Max("number"))["latest"] or 0
    return Finding.objects.bulk_create(
        [
            Finding(
                engagement=upload.engagement,
                number=number,
                host_label=upload.host_label,
                first_seen=upload,
                last_seen=upload,
                changed_by=actor,
                changed_at=timezone.now(),
                **_facts(said, key),
            )
            for number, (key, said) in enumerate(found, start=latest + 1)
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
