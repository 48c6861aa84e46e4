"""Holds the kept logs against each other: asked for by people, done by a job, stored as a run with its cases."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone

from accounts.permissions import EITHER_SIDE, require_any
from core.audit import record
from core.errors import Conflict, DomainError
from core.jobs import enqueue
from core.models import Job
from core.numbering import next_number
from core.uploads import MEGABYTE
from delivery.domain.announce import announce_cases
from delivery.domain.judge_steps import judge_steps
from delivery.domain.judge_watch import judge_watch
from delivery.domain.keep_key import note_need, secret_of
from delivery.domain.merge_cases import merge_cases
from delivery.domain.watch_triggers import watch_triggers
from delivery.models import Ramp, ReconciliationRun, TrafficHour, TrafficLog
from delivery.ramp.book import load_plan
from delivery.unsealed_folder import unsealed_folder
from discovery.domain.keep_pieces import write_pieces
from discovery.sealing import SealedElsewhere
from discovery.storable import storable
from engagements.domain.lock_engagement import lock_engagement, lock_living

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from accounts.models import User
    from core.jobs import Tell
    from delivery.logs.sources import Kind, Told
    from delivery.ramp.comparison import HourRow
    from delivery.ramp.discrepancies import Alike, Group
    from engagements.models import Engagement

HASHED = (
    "The journal names its recipients only as hashes, and the portal has no key to them. Set the key, or hold the logs "
    "against each other where the proxy runs: ./gatepost reconcile --recipients-key FILE. Nothing was stored."
)
OTHER_KEY = (
    "With the key that is set, no recipient of the logs is one of the journal's. Set the key the proxy had when it "
    "wrote the journal. Nothing was stored."
)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one run came to, not stored yet. `covered` in seconds since 1970."""

    report: dict[str, Any]
    lines: list[dict[str, Any]]
    covered: dict[str, list[float]]
    hours: list[HourRow]
    groups: dict[Alike, Group]


@transaction.atomic
def request_run(engagement: Engagement, *, actor: User) -> Job:
    """Raises DomainError where there is nothing to hold against each other, Conflict while a run lacks what is new."""
    engagement = lock_living(engagement.pk)
    require_any(actor, EITHER_SIDE, engagement.organization)
    logs = TrafficLog.objects.filter(engagement=engagement).kept()
    kinds = set(logs.values_list("kind", flat=True))
    if not kinds - {TrafficLog.Kind.JOURNAL}:
        raise DomainError("There is no log of Postfix or of the new route yet. Upload one, and the proxy's journal.")
    job = enqueue("reconcile_traffic", subject=engagement, actor=actor, key=f"reconcile-{engagement.pk}")
    if job.state == Job.State.RUNNING and job.started_at and logs.filter(uploaded_at__gt=job.started_at).exists():
        raise Conflict("The run under way began before the newest log came. Ask for another when it is done.")
    return job


def read_traffic(engagement: Engagement, *, tell: Tell) -> Reconciled:
    """The slow half. The logs lie unsealed in a folder of this account alone while it lasts."""
    logs = list(TrafficLog.objects.filter(engagement=engagement).kept().select_related("sealed").order_by("number"))
    with unsealed_folder() as folder:
        total = sum(log.byte_count for log in logs) // MEGABYTE + 1
        done, paths = 0, {}
        for log in logs:
            tell(min(done // MEGABYTE, total), total, f"Unsealing {log.filename}")
            paths[log.number] = folder / f"{log.number}.log"
            _unseal(log, paths[log.number])
            done += log.byte_count
        tell(total, total, f"Holding {len(logs)} logs against each other")
        return _reconciled(logs, paths, folder, secret_of(engagement))


def _unseal(log: TrafficLog, into: Path) -> None:
    if log.sealed is None:
        raise DomainError(f"{log} was withdrawn while it was being read. Ask for another run.")
    try:
        write_pieces(log.sealed, into)
    except SealedElsewhere as error:
        raise DomainError(
            f"{log}, {log.filename}, cannot be opened any more: it was kept under another SECRET_KEY than the portal "
            "has now. No log was held against another, and every log and every earlier run is kept. Withdraw this one, "
            "upload it once more, and ask for another run."
        ) from error


def _reconciled(logs: Sequence[TrafficLog], paths: dict[int, Path], folder: Path, secret: bytes) -> Reconciled:
    from delivery.logs.engine import open_engine  # DuckDB, which no web process needs
    from delivery.ramp.comparison import compare, covered_by
    from delivery.ramp.discrepancies import discrepancies_in
    from delivery.reconciliation.notes import accepted_by, notes_of
    from delivery.reconciliation.report import accepted_of, balance_of, causes_of, states_of

    names = {str(paths[log.number]): f"{log.filename} (log {log.number})" for log in logs}
    with open_engine(spill=folder) as engine:
        told = _told(engine, [(cast("Kind", log.kind), paths[log.number]) for log in logs], secret)
        report = {
            **accepted_of(engine),
            "accepted_by": accepted_by(engine),
            "notes": notes_of(engine, told, names),
            "states": states_of(engine),
            "causes": causes_of(engine),
            "balance": balance_of(engine),
        }
        lines = [_line(engine, each, {str(path): number for number, path in paths.items()}) for each in told]
        plan = load_plan()
        hours = compare(engine, slow_after=plan.slow_after)
        return Reconciled(
            report, lines, covered_by(engine), hours, discrepancies_in(engine, most=plan.listed, names=names)
        )


def _told(engine: Any, paths: Sequence[tuple[Kind, Path]], secret: bytes) -> list[Told]:
    from delivery.logs.sources import LogUnreadable
    from delivery.reconciliation.reconciling import reconcile
    from delivery.reconciliation.secrecy import RecipientsHashed

    try:
        return reconcile(engine, paths, secret=secret)
    except RecipientsHashed as error:
        raise DomainError(OTHER_KEY if secret else HASHED) from error
    except LogUnreadable as error:
        raise DomainError(f"{error} Nothing was stored. Ask for another run.") from error


def _line(engine: Any, told: Told, numbers: dict[str, int]) -> dict[str, Any]:
    from delivery.reconciliation.report import clock_of, lines_of

    return {"log": numbers[str(told.source.path)], **lines_of(told), **clock_of(engine, told)}


@transaction.atomic
def store_run(engagement: Engagement, found: Reconciled, *, asked_at: datetime, actor: User) -> ReconciliationRun:
    engagement = lock_engagement(engagement.pk)
    first, last = _span(found.covered, _sides_of(engagement))
    run = ReconciliationRun.objects.create(
        engagement=engagement,
        number=next_number(ReconciliationRun.objects.filter(engagement=engagement)),
        report=storable(found.report),
        lines=storable(found.lines),
        covered=found.covered,
        covered_from=first,
        covered_to=last,
        asked_at=asked_at,
        asked_by=actor,
        done_at=timezone.now(),
    )
    TrafficHour.objects.bulk_create([_hour(run, row) for row in found.hours], batch_size=1000)
    new = merge_cases(run, found.groups, actor=actor)
    if new:
        announce_cases(run, new=new)
    judge_steps(run, actor=actor)
    if Ramp.objects.filter(engagement=engagement, share__gt=0).exists():
        watch_triggers(engagement)
    judge_watch(engagement)
    note_need(engagement, is_needed=False)
    record("traffic.reconciled", subject=run, actor=actor, discrepancies=run.discrepancies, new=new)
    return run


def _sides_of(engagement: Engagement) -> set[str]:
    """Whose logs a run needs. The new route has none before the first share of any ramp."""
    is_new_used = Ramp.objects.filter(engagement=engagement, share_since__isnull=False).exists()
    return {"journal", "old", "new"} if is_new_used else {"journal", "old"}


def _span(covered: dict[str, list[float]], needed: set[str]) -> tuple[datetime | None, datetime | None]:
    """What all sides cover: from the latest beginning to the earliest end; nothing where a side has no logs."""
    if needed - covered.keys():
        return None, None
    first, last = max(span[0] for span in covered.values()), min(span[1] for span in covered.values())
    return (at(first), at(last)) if first <= last else (None, None)


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _hour(run: ReconciliationRun, row: HourRow) -> TrafficHour:
    return TrafficHour(run=run, **{**asdict(row), "hour": at(row.hour)})
