"""What the search finds of runbooks, for whoever may read the evidence they are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from accounts.search import MOST_HITS, Hit, register_search
from discovery.search import evidence_read_by
from engagements.search import holding, place_of
from reports.models import RunbookPaper, RunbookRevision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from accounts.search import Asked


def find_runbooks(reader: User, asked: Asked) -> Iterator[Hit]:
    """The newest revision of each by its title; any revision by the beginning of its digest."""
    every = RunbookRevision.objects.all()
    newest = every.order_by("engagement_id", "key", "-number").distinct("engagement_id", "key")
    named = holding(asked.words, "title") & Q(pk__in=newest.values("pk"))
    if asked.digest:
        papers = RunbookPaper.objects.filter(digest__startswith=asked.digest)
        named |= Q(digest__startswith=asked.digest) | Q(pk__in=papers.values("revision"))
    found = evidence_read_by(reader, every).filter(named).defer("content").order_by("-pk")
    for revision in found[: MOST_HITS + 1]:
        url = reverse("runbooks:runbook", args=[revision.engagement.code, revision.key])
        note = f"Revision {revision.number}, SHA-256 {revision.digest[:12]}"
        yield Hit(revision.title, place_of(revision.engagement), url, note)


register_search("runbooks", "Runbooks", find_runbooks)
