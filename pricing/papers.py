"""The papers a worker draws for pricing, and how far the latest one about something is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.models import Job

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest

SEND_QUOTE = "send_quote"
REDATE_QUOTE = "redate_quote"
ADVISE_STAY = "advise_stay"
PUT_UP_NDA = "put_up_nda"


def latest_paper(subject: Model, *kinds: str) -> Job | None:
    """The last time somebody had a paper of these kinds made for it; None before the first."""
    return Job.objects.of(subject).filter(kind__in=kinds).first()


def unfinished_paper(subject: Model, kind: str) -> Job | None:
    return Job.objects.of(subject).filter(kind=kind).unfinished().first()


@dataclass(frozen=True, slots=True)
class PaperRegion:
    """What a page shows of a paper: how far it is, why it failed, or, to a page that waited for it, that it is there.

    `page` is asked again while the worker is at it; `done` is the sentence then, `done_url` where it leads.
    """

    job: Job
    page: str
    done: str
    done_url: str
    was_awaited: bool


def paper_region(
    request: HttpRequest, job: Job | None, *, page: str, done: str, done_url: str, is_over: bool
) -> PaperRegion | None:
    """`is_over` says that what the paper was for came about otherwise since, or cannot any more: a failure is past."""
    if job is None or (is_over and job.state == Job.State.FAILED):
        return None
    return PaperRegion(job, page, done, done_url, was_awaited=request.headers.get("X-Requested-With") == "poll")
