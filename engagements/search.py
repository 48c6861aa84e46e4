"""What the search finds of engagements themselves, their documents and their questions."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.text import Truncator

from accounts.search import MOST_HITS, Hit, register_search
from engagements.models import Engagement, Question, Reply
from engagements.records import documents_read_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from accounts.models import User
    from accounts.search import Asked


_SHOWN = 160  # letters of a text


def place_of(engagement: Engagement, *more: str) -> str:
    """Where a hit is, in words: the engagement, its customer, and what narrows it down."""
    return " · ".join([f"{engagement.code} {engagement.organization}", *filter(None, more)])


def holding(words: Iterable[str], *fields: str) -> Q:
    """Whether each word stands in one of the fields, blind to case."""
    return reduce(and_, (reduce(Q.__or__, (Q(**{f"{field}__icontains": word}) for field in fields)) for word in words))


def shortened(text: str) -> str:
    return Truncator(text).chars(_SHOWN)


def find_engagements(reader: User, asked: Asked) -> Iterator[Hit]:
    named = holding(asked.words, "code", "title", "organization__name")
    found = Engagement.objects.visible_to(reader).filter(named).select_related("organization").order_by("-pk")
    for engagement in found[: MOST_HITS + 1]:
        url = reverse("engagements:detail", args=[engagement.code])
        yield Hit(str(engagement), str(engagement.organization), url, engagement.get_phase_display())


def find_documents(reader: User, asked: Asked) -> Iterator[Hit]:
    named = holding(asked.words, "title", "reference", "engagement__code")
    if asked.digest:
        named |= Q(digest__startswith=asked.digest) | Q(snapshot_digest__startswith=asked.digest)
    found = documents_read_by(reader).filter(named).defer("pdf", "snapshot").order_by("-pk")
    for document in found.select_related("engagement__organization")[: MOST_HITS + 1]:
        url = reverse("engagements:document_pdf", args=[document.engagement.code, document.pk])
        yield Hit(str(document), place_of(document.engagement), url, f"SHA-256 {document.digest[:12]}")


def find_questions(reader: User, asked: Asked) -> Iterator[Hit]:
    replies = Reply.objects.filter(holding(asked.words, "text"), question=OuterRef("pk"))
    named = holding(asked.words, "text", "about") | Q(Exists(replies))
    if asked.number is not None:
        named |= Q(number=asked.number)
    found = Question.objects.visible_to(reader).filter(named).select_related("engagement__organization")
    for question in found.order_by("-pk")[: MOST_HITS + 1]:
        url = reverse("engagements:question", args=[question.engagement.code, question.number])
        yield Hit(question.heading, place_of(question.engagement, question.about), url, shortened(question.text))


register_search("engagements", "Engagements", find_engagements)
register_search("documents", "Documents", find_documents)
register_search("questions", "Questions", find_questions)
