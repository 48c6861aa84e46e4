"""What the search finds of single messages: by their whole Message-ID, in cases, in what came back, in kept logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.http import urlencode

from accounts.search import MOST_HITS, Hit, register_search
from delivery.models import CaseItem, FeedbackFile, FeedbackItem, TrafficLog
from discovery.search import evidence_read_by
from engagements.search import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from accounts.search import Asked


def find_messages(reader: User, asked: Asked) -> Iterator[Hit]:
    """Kept logs are read by a job alone: here stands where it is asked for."""
    if not asked.message_id:
        return
    named = Q(message_id=asked.message_id) | Q(message_id=f"<{asked.message_id}>")
    yield from _in_cases(reader, named)
    yield from _in_feedback(reader, named)
    yield from _in_logs(reader, asked)


def _in_cases(reader: User, named: Q) -> Iterator[Hit]:
    found = evidence_read_by(reader, CaseItem.objects.all()).filter(named).order_by("-pk")
    for item in found[: MOST_HITS + 1]:
        case = item.case
        url = reverse("parallel:case", args=[case.engagement.code, case.number])
        yield Hit(item.message_id, place_of(case.engagement, str(case)), url, case.title)


def _in_feedback(reader: User, named: Q) -> Iterator[Hit]:
    found = evidence_read_by(reader, FeedbackItem.objects.all()).filter(named).order_by("-pk")
    for item in found[: MOST_HITS + 1]:
        where = place_of(item.engagement, "Bounces and complaints", item.provider)
        url = reverse("feedback:item", args=[item.engagement.code, item.pk])
        yield Hit(item.message_id, where, url, item.get_kind_display())


def _in_logs(reader: User, asked: Asked) -> Iterator[Hit]:
    kept = evidence_read_by(reader, TrafficLog.objects.kept())
    names = {"code": F("engagement__code"), "customer": F("engagement__organization__name")}
    counted = kept.select_related(None).values(**names).annotate(files=Count("pk")).order_by("-code")
    for row in counted[: MOST_HITS + 1]:
        files = f"{row['files']} kept log{'' if row['files'] == 1 else 's'}"
        url = f"{reverse('parallel:cases', args=[row['code']])}?{urlencode({'q': asked.message_id})}"
        yield Hit("Look it up in the kept logs", f"{row['code']} {row['customer']}", url, files)


def find_files(reader: User, asked: Asked) -> Iterator[Hit]:
    """By the beginning of a SHA-256: logs of either side, and files of what came back."""
    if not asked.digest:
        return
    logs = evidence_read_by(reader, TrafficLog.objects.all()).filter(sha256__startswith=asked.digest)
    for log in logs.order_by("-pk")[: MOST_HITS + 1]:
        url = reverse("parallel:traffic", args=[log.engagement.code])
        yield Hit(str(log), place_of(log.engagement, log.filename), url, f"SHA-256 {log.sha256[:12]}")
    files = evidence_read_by(reader, FeedbackFile.objects.all()).filter(sha256__startswith=asked.digest)
    for file in files.order_by("-pk")[: MOST_HITS + 1]:
        url = reverse("feedback:queue", args=[file.engagement.code])
        yield Hit(str(file), place_of(file.engagement, file.filename), url, f"SHA-256 {file.sha256[:12]}")


register_search("messages", "Messages", find_messages)
register_search("delivery_files", "Logs of parallel delivery by their digest", find_files)
