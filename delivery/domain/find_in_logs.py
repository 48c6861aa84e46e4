"""Looks a message up in the kept logs: asked for by people, done by a job, gone with the job's row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import transaction

from accounts.permissions import EITHER_SIDE, require_any
from core.errors import Conflict, DomainError
from core.jobs import enqueue
from core.models import Job
from delivery.logs.sources import Source
from delivery.models import TrafficLog
from delivery.unsealed_folder import unsealed_folder
from discovery.domain.keep_pieces import write_pieces
from discovery.storable import storable
from engagements.domain.lock_engagement import lock_engagement

if TYPE_CHECKING:
    from accounts.models import User
    from core.jobs import Tell
    from delivery.logs.sources import Kind
    from engagements.models import Engagement

KIND = "find_message"
SHORTEST, LONGEST = 5, 1000


@transaction.atomic
def request_lookup(engagement: Engagement, *, asked: str, actor: User) -> Job:
    """One at a time for an engagement. Asked again while it is under way, the same job is answered. Also after the end.

    Raises Conflict while another message is looked up.
    """
    engagement = lock_engagement(engagement.pk)
    require_any(actor, EITHER_SIDE, engagement.organization)
    words = plain_of(asked)
    if not SHORTEST <= len(words) <= LONGEST or len(words.split()) != 1:
        raise DomainError(
            "Enter one whole Message-ID, queue id, recipient or trace, of 5 to 1,000 characters and without spaces. "
            "Nothing was looked up."
        )
    if not TrafficLog.objects.filter(engagement=engagement).kept().exists():
        raise DomainError("No log is kept here to look it up in. Upload the logs of both sides first.")
    job = enqueue(KIND, subject=engagement, actor=actor, key=f"{engagement.pk}", asked=words)
    if job.arguments["asked"].lower() != words.lower():
        raise Conflict(
            "Another message is being looked up in these logs. Look this one up when that has come to its end. "
            "Nothing was looked up."
        )
    return job


def plain_of(asked: str) -> str:
    return str(storable(asked)).strip("<> \t")


def lookup_of(engagement: Engagement, asked: str) -> Job | None:
    """The latest look-up of these words."""
    return Job.objects.of(engagement).filter(kind=KIND, arguments__asked__iexact=plain_of(asked)).first()


def look_up(engagement: Engagement, asked: str, *, tell: Tell) -> dict[str, Any]:
    """The slow half: every kept log lies unsealed in a folder of this account alone while it lasts."""
    from delivery.logs.finding import find_message  # reads with DuckDB's readers, which no web process needs

    logs = list(TrafficLog.objects.filter(engagement=engagement).kept().select_related("sealed").order_by("number"))
    with unsealed_folder() as folder:
        sources = [Source(cast("Kind", log.kind), folder / f"{log.number}.log", log.number) for log in logs]
        for log, source in zip(logs, sources, strict=True):
            if log.sealed is None:
                raise DomainError(f"{log} was withdrawn while it was being read. Look the message up once more.")
            write_pieces(log.sealed, source.path)
        found = find_message(
            sources, asked, tell=lambda done, total: tell(done, total, f"{done} of {total} readings of logs")
        )
    names = {log.number: log.filename for log in logs}
    return {
        "lines": [
            {"log": line.source, "filename": names[line.source], "line": line.number, "text": str(storable(line.text))}
            for line in found.lines
        ],
        "is_cut": found.is_cut,
        "unread": found.unread,
        "logs": len(logs),
    }
