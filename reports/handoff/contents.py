"""The handoff pack: an evidence pack as the customer may see it, and everything that works on without the practice.

Who makes it makes no difference, and neither does when: what is in it depends on the records alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import slugify

from accounts.models import Membership
from accounts.permissions import ROLE_PERMISSIONS
from discovery.translation_queries import sets_to_deliver
from engagements.evidence import evidence_members, ledger_of, manifest_of, seal_of, zipped
from engagements.models import FrozenDocument
from engagements.records import events_told_to
from reports.handoff import sheets
from reports.handoff.book import FOLDER
from reports.handoff.rows import engagement_file, rows_of
from reports.models import RunbookApproval, RunbookPaper, RunbookRevision
from reports.runbook_state import heads_of, newest_revisions, standing_of
from reports.runbooks.markdown import markdown_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.models import AuditEvent
    from discovery.models import TranslationSet
    from engagements.evidence import Members
    from engagements.models import Engagement

FORMAT = "gatepost-handoff/1"
ROWS, LINES = "engagement.json", "ledger.jsonl"
LISTS = ("documents.json", "signatures.json", "head.json")
SIGNATORY = ROLE_PERMISSIONS[Membership.Role.SIGNATORY]
MADE_FOR = "whoever signs for the customer"


def pack_handoff(engagement: Engagement) -> tuple[bytes, int]:
    """The ZIP, and how many files it holds. Reads only; the caller holds the lock and has the runbooks drawn."""
    events = ledger_of(engagement)
    members = dict(sorted(_members(engagement, events).items()))
    at = events[-1].at
    about = {"handoff": FORMAT, "engagement": engagement.code, "customer": str(engagement.organization)}
    manifest = manifest_of(members, **about, made_at=at, made_for=MADE_FOR)
    return zipped(sealed_members(members, manifest, seal_of(manifest)), at), len(members)


def sealed_members(members: Members, manifest: bytes, seal: bytes) -> Members:
    return {**members, "manifest.json": manifest, "seal.json": seal}


def _members(engagement: Engagement, events: Sequence[AuditEvent]) -> Members:
    told = set(events_told_to(engagement, SIGNATORY).values_list("sequence", flat=True))
    documents = list(FrozenDocument.objects.filter(engagement=engagement).order_by("-pk"))
    found = rows_of(engagement)
    sets = sets_to_deliver(engagement)
    return {
        "README.txt": (FOLDER / "READ_ME.txt").read_bytes(),
        **evidence_members(engagement, documents, events, told),
        ROWS: engagement_file(found, engagement.code),
        **sheets.history_sheets(events, told),
        **sheets.totals_sheets(engagement),
        **dict(sheets.map_sheet(sets)),
        **dict(_configurations(sets)),
        **dict(_runbooks(engagement)),
        "suppressions.csv": sheets.suppression_sheet(engagement),
        "training.csv": sheets.training_sheet(found),
        "recurring.csv": sheets.recurring_sheet(found),
    }


def _configurations(sets: Sequence[TranslationSet]) -> Iterator[tuple[str, bytes]]:
    for one in sets:
        for file in one.files.order_by("path"):
            yield f"configurations/{one.target}/{file.path}", bytes(file.content)


def runbooks_in_force(engagement: Engagement) -> list[RunbookRevision]:
    """The newest revision of each that both sides approved."""
    parties = set(RunbookApproval.Party.values)
    newest = newest_revisions(engagement).values()
    return [one for one in newest if {each.party for each in one.approvals.all()} == parties]


def _runbooks(engagement: Engagement) -> Iterator[tuple[str, bytes]]:
    for revision in runbooks_in_force(engagement):
        revision.engagement = engagement
        name = f"runbooks/{slugify(revision.title)}-{revision.number}"
        yield (
            f"{name}.md",
            markdown_of(revision.content, standing_of(revision), heads_of(revision)).encode("utf-8", "replace"),
        )
        if paper := RunbookPaper.objects.up_to_date(revision).first():
            yield f"{name}.pdf", bytes(paper.pdf)
