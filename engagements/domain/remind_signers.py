"""Reminders of signatures, each once and the latest that is due; none to whoever signed, handed over or answered.

Whoever lost the duty since they were asked cannot sign: the lead is told in their place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml
from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, allowed
from core.audit import record
from core.rounds import each
from engagements import gates
from engagements.domain.announce import (
    announce_escalation,
    announce_lost_duty,
    announce_reminder,
    announce_standstill,
)
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement, Gate, Reminder, RequiredSigner
from engagements.steps import ACTIVE

_BOOK = Path(__file__).parent.parent / "reminders.yaml"


@dataclass(frozen=True, slots=True)
class Plan:
    """Kinds with the days after which each is due, and after how many days a gate stands still."""

    signature: tuple[tuple[str, int], ...]
    standstill: int


@cache
def reminder_plan() -> Plan:
    book = yaml.safe_load(_BOOK.read_text(encoding="utf-8"))
    return Plan(tuple((row["kind"], int(row["days"])) for row in book["signature"]), int(book["standstill"]))


def remind_signers(*, now: datetime | None = None) -> int:
    """Send what is due. Safe to run twice and twice at once: each engagement is locked, each reminder is one row."""
    now = now or timezone.now()
    waiting = Gate.objects.filter(state=Gate.State.SUBMITTED, engagement__phase__in=ACTIVE)
    return each(lambda gate: _remind_gate(gate, now), waiting.order_by("pk"))


@transaction.atomic
def _remind_gate(gate: Gate, now: datetime) -> int:
    engagement = lock_engagement(gate.engagement_id)
    gate.refresh_from_db()
    gate.engagement = engagement
    if gate.state != Gate.State.SUBMITTED or engagement.phase not in ACTIVE:
        return 0
    rows = RequiredSigner.objects.filter(document=gate.current_document_id).exclude(asked_at=None)
    return sum(_remind(gate, row, now) for row in rows.whose_turn_it_is().select_related("user", "document"))


def _remind(gate: Gate, row: RequiredSigner, now: datetime) -> int:
    """The latest reminder that is due, unless it or a later one went out."""
    if row.asked_at is None:
        return 0
    kinds = [kind for kind, days in reminder_plan().signature if now >= row.asked_at + timedelta(days=days)]
    sent = set(gate.reminders.filter(about=row.user, since=row.asked_at).values_list("kind", flat=True))
    has_duty = bool(allowed(row.user, Permission.SIGN, gate.engagement.organization, phase=gate.number))
    kind = (kinds[-1] if has_duty else Reminder.Kind.ESCALATION) if kinds else ""
    if not kind or kind in sent:
        return 0
    Reminder.objects.create(gate=gate, about=row.user, kind=kind, since=row.asked_at, sent_at=now)
    if has_duty:
        _announce(gate, row, kind)
    else:
        record("gate.signer_lost_duty", subject=gate, actor=None, gate=gate.number, signer=str(row.user))
        announce_lost_duty(gate, row)
    return 1


def _announce(gate: Gate, row: RequiredSigner, kind: str) -> None:
    record("gate.signer_reminded", subject=gate, actor=None, gate=gate.number, signer=str(row.user), kind=kind)
    if kind == Reminder.Kind.ESCALATION:
        announce_escalation(gate, row)
    else:
        announce_reminder(gate, row)


def tell_of_standstills(*, now: datetime | None = None) -> int:
    """Tell the lead, once a day, of each running gate on whose engagement nothing has happened for days."""
    now = now or timezone.now()
    running = Engagement.objects.filter(phase__in=ACTIVE).exclude(lead=None).order_by("pk")
    return each(lambda engagement: _tell_of_standstill(engagement, now), running)


@transaction.atomic
def _tell_of_standstill(engagement: Engagement, now: datetime) -> int:
    engagement = lock_engagement(engagement.pk)
    gate = engagement.gates.exclude(state__in=[Gate.State.LOCKED, Gate.State.SIGNED]).order_by("number").first()
    last = engagement.transitions.order_by("-pk").values_list("at", flat=True).first()
    if gate is None or last is None or engagement.lead is None:
        return 0
    gate.engagement = engagement
    moved = max([last, *_last_acts(gate)])
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    kind = Reminder.Kind.STANDSTILL
    told = gate.reminders.filter(kind=kind, about=engagement.lead, since=today).exists()
    if told or now < moved + timedelta(days=reminder_plan().standstill):
        return 0
    Reminder.objects.create(gate=gate, about=engagement.lead, kind=kind, since=today, sent_at=now)
    announce_standstill(gate, engagement.lead, moved, gates.unmet("submit_gate", engagement, gate))
    return 1


def _last_acts(gate: Gate) -> list[datetime]:
    """When a task of the gate was last done, its document frozen, or a question asked."""
    tasks = gate.tasks.exclude(done_at=None).order_by("-done_at").values_list("done_at", flat=True)[:1]
    documents = gate.documents.order_by("-frozen_at").values_list("frozen_at", flat=True)[:1]
    questions = gate.engagement.questions.order_by("-asked_at").values_list("asked_at", flat=True)[:1]
    return [moment for moment in (*tasks, *documents, *questions) if moment is not None]
