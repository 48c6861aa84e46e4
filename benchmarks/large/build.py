"""The portfolio: seeded, counted in its small state, copied, filled with findings."""

import json
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benchmarks.large.copies import AWAKE, RESTING, copy_everything
from benchmarks.large.findings import fill_findings
from benchmarks.large.queries import queries_of_all
from benchmarks.large.seed import build_demo, tell_stories
from benchmarks.large.staff import more_staff
from discovery.models import Finding
from engagements.models import Engagement

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """Engagements and findings in all, findings of the largest estate, and how many stories are copied."""

    engagements: int
    findings: int
    largest: int
    stories: int


def build(size: Size, tell: Tell, *, is_small: bool) -> dict[str, Any]:
    """What was asked of each page before the copying; kept beside the database, which is built once."""
    kept = Path(os.environ["GATEPOST_VAR"]) / "before.json"
    if kept.exists():
        return dict(json.loads(kept.read_text()))
    if not Engagement.objects.exists():
        build_demo(tell, is_small=is_small)
    staff = more_staff(size.engagements)
    tell_stories(size.stories, staff)
    before = {"engagements": Engagement.objects.count(), "queries": queries_of_all()}
    tell(f"{before['engagements']} engagements to copy")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESTING)
        copy_everything(math.ceil(size.engagements / before["engagements"]) - 1, staff)
        cursor.execute(AWAKE)
    tell("copied")
    fill_findings(size.findings, size.largest)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(before))
    return before


def counted() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        (size,) = cursor.fetchone()
    return f"{Engagement.objects.count():,} engagements, {Finding.objects.count():,} findings, {size}"
