"""The run-sheet of a cutover as somebody sees it: what they can do now, and why not where they cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from accounts.permissions import Permission, allowed, allowed_any
from delivery.cutover_state import order_reasons, seen_by_the_portal
from delivery.models import CutoverStep
from delivery.ramp.sheet import sheet_step
from engagements.models import GateTask
from engagements.parties import PARTY_PERMISSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from delivery.models import Cutover

PHASE = 4


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`can` says that it would be accepted now from this reader; `reasons` why it would be from nobody.

    `seen` is what the portal sees by itself, `url` where this reader does what it looks for, which `act` calls.
    """

    step: CutoverStep
    whose: str
    can: bool
    reasons: tuple[str, ...] = ()
    seen: str = ""
    url: str = ""
    act: str = ""


def sheet_rows(cutover: Cutover, reader: User) -> list[SheetRow]:
    steps = list(cutover.steps.select_related("done_by"))
    return [_row(cutover, step, steps, reader) for step in steps]


def _row(cutover: Cutover, step: CutoverStep, steps: Sequence[CutoverStep], reader: User) -> SheetRow:
    whose = _whose(cutover, step)
    if step.done_at or cutover.fallen_back_at:
        return SheetRow(step, whose, can=False)
    is_theirs = may_do(step, cutover, reader)
    if reasons := order_reasons(step, steps):
        return SheetRow(step, whose, can=False, reasons=tuple(reasons))
    if step.kind != CutoverStep.Kind.AUTOMATIC:
        return SheetRow(step, whose, can=is_theirs)
    seen = seen_by_the_portal(step.key, cutover)
    if seen.holds:
        return SheetRow(step, whose, can=is_theirs, seen=seen.said)
    known = sheet_step(step.key) if is_theirs else None
    url, act = (_url(cutover, known.where), known.act) if known and known.where else ("", "")
    return SheetRow(step, whose, can=False, reasons=(seen.said,), url=url, act=act)


def may_do(step: CutoverStep, cutover: Cutover, person: User) -> bool:
    """Whether a step is this person's: an approval is of whoever signs phase 4."""
    organization = cutover.engagement.organization
    if step.kind == CutoverStep.Kind.APPROVAL:
        return bool(allowed(person, Permission.SIGN, organization, phase=PHASE))
    return allowed_any(person, PARTY_PERMISSIONS[GateTask.Party(step.party)], organization)


def _whose(cutover: Cutover, step: CutoverStep) -> str:
    name = cutover.engagement.organization.name
    if step.kind == CutoverStep.Kind.APPROVAL:
        return f"whoever signs phase {PHASE} at {name}"
    if step.party == GateTask.Party.JOINT:
        return "either side"
    return str(settings.CONSULTANCY["name"]) if step.party == GateTask.Party.CONSULTANCY else name


def _url(cutover: Cutover, where: str) -> str:
    if where.startswith("#"):
        return where
    ramp = [cutover.ramp.number] if where == "parallel:ramp" else []
    return reverse(where, args=[cutover.engagement.code, *ramp])
