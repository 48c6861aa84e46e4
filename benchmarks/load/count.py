"""Counts in the database, after the load, what became of each act: lost, once, or doubled."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from benchmarks.load.writes import DONE, REFUSED
from benchmarks.stage import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from benchmarks.load.writes import Deed

LONGEST = 420.0  # seconds: a lease runs out, the sweeper looks, a plan is laid out anew
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<outbox-[^>]+>)", re.MULTILINE)


def count_all(deeds: list[Deed], since: datetime, mail: Path) -> dict[str, Any]:
    """Waits until the workers have nothing left to do, then counts."""
    is_quiet = until(_is_quiet, LONGEST, pause=1.0)
    by_kind = {kind: _count_kind([deed for deed in deeds if deed.kind == kind]) for kind in sorted(_kinds(deeds))}
    return {
        "acts": by_kind,
        "lost": sum(row["lost"] for row in by_kind.values()),
        "doubled": sum(row["doubled"] for row in by_kind.values()),
        "is_quiet": is_quiet,
        "jobs": _jobs(since),
        "mail": _mail(since, mail),
        "ledger": _ledger(),
    }


def _kinds(deeds: list[Deed]) -> set[str]:
    return {deed.kind for deed in deeds}


def _is_quiet() -> bool:
    from core.models import Job, OutboxMessage

    return not (Job.objects.unfinished().exists() or OutboxMessage.objects.due().exists())


def _count_kind(deeds: list[Deed]) -> dict[str, int]:
    found = {deed: HOW_OFTEN[deed.kind](deed) for deed in deeds}
    states = Counter(deed.state for deed in deeds)
    return {
        "sent": len(deeds),
        "done": states[DONE],
        "refused": states[REFUSED],
        "unknown_at_first": sum(deed.was_repeated for deed in deeds),
        "unknown_at_last": len(deeds) - states[DONE] - states[REFUSED],
        "lost": sum(times < 1 for deed, times in found.items() if deed.state == DONE),
        "doubled": sum(times > 1 for times in found.values()),
        "done_though_refused": sum(
            times > 0 for deed, times in found.items() if deed.state == REFUSED and not deed.was_repeated
        ),
    }


def _question(deed: Deed) -> int:
    from engagements.models import Question

    return Question.objects.filter(text=f"What does {deed.mark} mean?").count()


def _reply(deed: Deed) -> int:
    from engagements.models import Reply

    return Reply.objects.filter(text=f"It is {deed.mark}.").count()


def _dossier(deed: Deed) -> int:
    from discovery.models import Dossier

    return Dossier.objects.filter(name=deed.mark).count()


def _answer(deed: Deed) -> int:
    from discovery.models import AnswerRevision

    return AnswerRevision.objects.filter(note=deed.mark).count()


def _task(deed: Deed) -> int:
    from core.models import AuditEvent

    return AuditEvent.objects.filter(action="task.done", data__evidence=f"Shown by {deed.mark}.").count()


def _reopened(deed: Deed) -> int:
    """A tick is taken back as often as it was made, or once less: two in a row would be one act done twice."""
    from core.models import AuditEvent

    found = AuditEvent.objects.filter(action__in=("task.done", "task.undone"), subject_id=deed.about)
    actions = list(found.order_by("sequence").values_list("action", flat=True))
    in_a_row = sum(one == following == "task.undone" for one, following in pairwise(actions))
    return 1 + in_a_row if "task.undone" in actions else 0


def _signature(deed: Deed) -> int:
    from engagements.models import SignOff

    return SignOff.objects.filter(signed_by__full_name=deed.about, document__gate__number=1).count()


def _acceptance(deed: Deed) -> int:
    from core.models import AuditEvent
    from pricing.models import Quote

    quote = Quote.objects.get(reference=deed.about)
    if quote.po_number != deed.mark:
        return 0
    return AuditEvent.objects.filter(action="quote.accepted", subject_id=str(quote.pk)).count()


def _preview(deed: Deed) -> int:
    """A job that asks for a draft which is drawn already is that one; each draft belongs to one job."""
    from core.models import Job
    from engagements.models import Gate
    from reports.models import Preview

    code, number = deed.about.split()
    gate = Gate.objects.get(engagement__code=code, number=number)
    previews = Preview.objects.filter(gate=gate).count()
    jobs = Job.objects.of(gate).filter(kind="draw_preview", state="done").count()
    return 0 if not previews else 1 + max(previews - jobs, 0)


HOW_OFTEN: dict[str, Callable[[Deed], int]] = {
    "question": _question,
    "reply": _reply,
    "dossier": _dossier,
    "posted dossier": _dossier,
    "posted answer": _answer,
    "task": _task,
    "task reopened": _reopened,
    "sign": _signature,
    "accept": _acceptance,
    "preview": _preview,
}


def _jobs(since: datetime) -> dict[str, Any]:
    from core.models import Job

    jobs = Job.objects.filter(created_at__gte=since)
    states = Counter(jobs.values_list("state", flat=True))
    kinds = Counter(jobs.values_list("kind", flat=True))
    begun_again = jobs.filter(attempts__gt=1).count()
    failed = list(jobs.filter(state="failed").values_list("kind", "error_sentence")[:5])
    return {"states": dict(states), "kinds": dict(kinds), "begun_again": begun_again, "failed": failed}


def _mail(since: datetime, folder: Path) -> dict[str, int]:
    """Rows of the outbox beside the files that the mail became. Delivery is at least once: a second copy is told."""
    from core.models import OutboxMessage

    rows = OutboxMessage.objects.filter(created_at__gte=since)
    sent = set(rows.exclude(sent_at=None).values_list("message_id", flat=True))
    copies = Counter(found.decode() for file in folder.iterdir() for found in MESSAGE_ID.findall(file.read_bytes()))
    return {
        "rows": rows.count(),
        "sent": rows.exclude(sent_at=None).count(),
        "parked": rows.parked().count(),
        "due_and_not_sent": rows.due().count(),
        "waiting_for_their_batch": rows.waiting().count() - rows.due().count(),
        "mails": len(sent),
        "sent_without_a_mail": sum(copies[one] == 0 for one in sent),
        "mails_in_two_copies": sum(copies[one] > 1 for one in sent),
    }


def _ledger() -> dict[str, int]:
    from core.audit import verify_chain
    from core.models import AuditEvent, ChainHead

    chains = list(ChainHead.objects.values_list("chain", flat=True))
    faults = sum(len(list(verify_chain(chain))) for chain in chains)
    return {"chains": len(chains), "events": AuditEvent.objects.count(), "faults": faults}
