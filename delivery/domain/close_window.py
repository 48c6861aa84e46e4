"""The window after a cutover: checked daily, closed early by both sides, and only then is Postfix taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Permission, is_staff, require, require_person
from core.audit import record
from core.errors import Conflict, DomainError, GateClosed
from core.rounds import each
from core.wording import told
from delivery.cutover_state import armed_rows
from delivery.domain.announce import announce_armed_failure
from delivery.domain.person_words import words_of
from delivery.domain.run_cutover import lock_cutover
from delivery.models import ArmedCheck, Cutover, Decommission, Ramp, Rollback, WindowSignature
from delivery.ramp.book import WHOLE
from delivery.ramp.sheet import leftovers
from engagements.models import Engagement
from engagements.schedule import CUTOVER
from engagements.today import today_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from accounts.models import User

PARTIES = ("consultancy", "customer")


def check_all_armed() -> int:
    """Every window that is open, once a day of the customer's. How many were checked."""
    windows = Cutover.objects.filter(done_at__isnull=False, fallen_back_at=None, closed_at=None, decommission=None)
    running = windows.filter(engagement__in=Engagement.objects.running()).select_related("engagement__organization")
    return each(lambda cutover: int(check_armed(cutover) is not None), filter(_is_open, running))


def check_armed(cutover: Cutover) -> ArmedCheck | None:
    """Asks the proxy before any lock is taken. None where today was checked already."""
    day = today_of(cutover.engagement)
    if ArmedCheck.objects.filter(cutover=cutover, day=day).exists():
        return None
    rows = armed_rows(cutover)
    with transaction.atomic():
        cutover = lock_cutover(cutover)
        if not _is_open(cutover) or ArmedCheck.objects.filter(cutover=cutover, day=day).exists():
            return None
        holds = all(row["state"] != "fail" for row in rows)
        check = ArmedCheck.objects.create(cutover=cutover, day=day, holds=holds, rows=rows, checked_at=timezone.now())
        record("cutover.armed", subject=cutover, actor=None, day=f"{day}", holds="yes" if holds else "no")
        if not holds:
            announce_armed_failure(check)
    return check


def _is_open(cutover: Cutover) -> bool:
    """The window of a cutover: from its end on nobody is mailed about the way back any more."""
    return cutover.window_ends is not None and cutover.closed_at is None and timezone.now() < cutover.window_ends


@transaction.atomic
def sign_early_closing(cutover: Cutover, *, reason: str, actor: User) -> Cutover:
    """One side's word, by whoever signs phase 4 there or leads here; with the other's the window is closed."""
    cutover = lock_cutover(cutover)
    organization = cutover.engagement.organization
    party = "consultancy" if is_staff(actor) else "customer"
    if party == "customer":
        require(actor, Permission.SIGN, organization, phase=CUTOVER)
    else:
        require(actor, Permission.CLOSE, organization)
    if cutover.done_at is None or cutover.closed_at:
        raise Conflict("The window is not open.")
    if there := cutover.signatures.filter(party=party).select_related("signed_by").first():
        raise Conflict(f"{there.signed_by} signed for this side on {told(there.signed_at)}.")
    words = words_of(reason, "Say why the way back is given up before its end.")
    WindowSignature.objects.create(
        cutover=cutover, party=party, reason=words, signed_at=timezone.now(), signed_by=actor
    )
    record("window.signed", subject=cutover, actor=actor, party=party, reason=words)
    if cutover.signatures.count() == len(PARTIES):
        cutover.closed_at = timezone.now()
        cutover.save(update_fields=["closed_at"])
        record("window.closed", subject=cutover, actor=actor)
    return cutover


def decommission_reasons(cutover: Cutover) -> list[str]:
    """Why Postfix may not be taken down yet, in sentences."""
    if cutover.done_at is None or cutover.window_ends is None:
        return ["The cutover is not done."]
    reasons = list(_of_mail_at_postfix(cutover.engagement))
    if not cutover.closed_at and timezone.now() < cutover.window_ends:
        ends = told(cutover.window_ends)
        reasons.insert(0, f"The window is open until {ends}: both sides can close it early, with their reasons.")
    return reasons


def _of_mail_at_postfix(engagement: Engagement) -> Iterator[str]:
    if running := Rollback.objects.running().filter(engagement=engagement).first():
        yield f"{running} is under way: everything goes to Postfix."
    for ramp in Ramp.objects.filter(engagement=engagement).exclude(share=WHOLE).select_related("stream"):
        yield f"{ramp} ({ramp.title}) is at {ramp.share} %: the rest still goes to Postfix."


@transaction.atomic
def decommission(cutover: Cutover, *, answers: Mapping[str, tuple[bool | None, str]], actor: User) -> Decommission:
    """`answers` by the keys of the leftovers: yes or no, and words. Raises DomainError for each that is missing."""
    cutover = lock_cutover(cutover)
    require(actor, Permission.WORK_TASK, cutover.engagement.organization)
    require_person(actor, "take Postfix down")
    if reasons := decommission_reasons(cutover):
        raise GateClosed(*reasons)
    if Decommission.objects.filter(cutover=cutover).exists():
        raise Conflict("Postfix was taken down already.")
    missing = [
        f"Answer yes or no, and say how: {row.title}."
        for row in leftovers()
        if answers.get(row.key, (None, ""))[0] is None or not answers[row.key][1].strip()
    ]
    if missing:
        raise DomainError(*missing)
    kept = {row.key: [answers[row.key][0], words_of(answers[row.key][1], row.title)] for row in leftovers()}
    found = Decommission.objects.create(cutover=cutover, answers=kept, decided_at=timezone.now(), decided_by=actor)
    record("cutover.decommissioned", subject=cutover, actor=actor, answers=kept)
    return found
