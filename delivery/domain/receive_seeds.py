"""Results of seed addresses, as a CSV file has them: what can be read is kept, the rest is shown by its line."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.counting import counted
from core.errors import Conflict, DomainError
from core.numbering import next_number
from delivery.domain.judge_watch import judge_watch
from delivery.models import SeedResult, SeedUpload
from delivery.watch.book import load_watch
from delivery.watch.seeds import NoSeeds, Seeds, Strange, read_seeds
from discovery.domain.receive_upload import lock_for_upload, plain_name
from discovery.storable import storable
from engagements.today import today_of

if TYPE_CHECKING:
    from accounts.models import User
    from engagements.models import Engagement

MOST_SHOWN = 3


@transaction.atomic
def receive_seeds(engagement: Engagement, *, filename: str, content_file: IO[bytes], actor: User) -> SeedUpload:
    """Raises DomainError for a file of which no line can be read, Conflict for one that is here already."""
    content = content_file.read()
    engagement = lock_for_upload(engagement, actor=actor)
    uploads, sha256 = SeedUpload.objects.filter(engagement=engagement), hashlib.sha256(content).hexdigest()
    if same := uploads.filter(sha256=sha256).first():
        raise Conflict(f"{same}, {same.filename}, is this very file. Nothing was stored twice.")
    seeds, strange = _read(content, engagement)
    upload = SeedUpload.objects.create(
        engagement=engagement,
        number=next_number(uploads),
        filename=plain_name(filename),
        sha256=sha256,
        line_count=len(seeds),
        strange_count=len(strange),
        strange=[[each.place, each.said] for each in strange],
        uploaded_at=timezone.now(),
        uploaded_by=actor,
    )
    SeedResult.objects.bulk_create([_result(upload, line) for line in seeds], batch_size=1000)
    facts = {"filename": upload.filename, "lines": len(seeds), "strange": len(strange), "sha256": sha256}
    record("seeds.received", subject=upload, actor=actor, **facts)
    judge_watch(engagement)
    return upload


def _read(content: bytes, engagement: Engagement) -> tuple[list[Seeds], list[Strange]]:
    most = load_watch().most_seed_lines
    try:
        lines = list(read_seeds(content, today=today_of(engagement), most=most))
    except NoSeeds as refused:
        raise DomainError(f"{refused} Nothing was stored.") from refused
    seeds = [line for line in lines if isinstance(line, Seeds)]
    strange = [line for line in lines if isinstance(line, Strange)]
    if not seeds:
        first = [f"Line {line.place}: {line.said}" for line in strange[:MOST_SHOWN]]
        raise DomainError(f"None of {counted(len(strange), 'line')} can be read. Nothing was stored.", *first)
    return seeds, strange


def _result(upload: SeedUpload, line: Seeds) -> SeedResult:
    return SeedResult(
        upload=upload,
        tested_on=line.tested_on,
        provider=line.provider,
        stream=str(storable(line.stream)),
        sent=line.sent,
        inbox=line.inbox,
        spam=line.spam,
    )
