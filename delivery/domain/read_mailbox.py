"""Reads mailboxes by jobs, one at a time for each: what came is stored together with how far it was read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.jobs import enqueue
from core.rounds import each
from delivery.domain.set_mailbox import account_of, lock_mailbox
from delivery.domain.take_feedback import store_feedback
from delivery.feedback.files import MOST_STRANGE
from delivery.feedback.limits import load_limits
from delivery.feedback.polling import Look, look_into
from delivery.models import Mailbox
from discovery.domain.receive_upload import refuse_while_locked, upload_blockers
from discovery.storable import storable
from engagements.domain.lock_engagement import lock_engagement

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from core.models import Job

KIND = "read_mailbox"


def ask_all() -> int:
    """A round of the beat over every mailbox that is due. How many were asked for."""
    due = Mailbox.objects.filter(is_paused=False, due_at__lte=timezone.now())
    return each(_ask, due.select_related("engagement"))


@transaction.atomic
def _ask(mailbox: Mailbox) -> int:
    if upload_blockers(mailbox.engagement):
        return 0
    _enqueue(mailbox, None, is_test=False)
    return 1


@transaction.atomic
def ask_test(mailbox: Mailbox, *, actor: User) -> Job:
    """Whether the mailbox opens, by a job; nothing is read. A round that is under way tells the same."""
    mailbox = lock_mailbox(mailbox, actor=actor)
    refuse_while_locked(mailbox.engagement)
    return _enqueue(mailbox, actor, is_test=True)


def _enqueue(mailbox: Mailbox, actor: User | None, *, is_test: bool) -> Job:
    return enqueue(KIND, subject=mailbox, actor=actor, key=f"mailbox-{mailbox.pk}", is_test=is_test)


def look(mailbox: Mailbox, *, is_test: bool) -> Look:
    """The slow half. Writes nothing; nothing in the mailbox is changed."""
    return look_into(account_of(mailbox), validity=mailbox.uid_validity, last_uid=mailbox.last_uid, is_test=is_test)


@transaction.atomic
def store_look(asked: Mailbox, found: Look, *, is_test: bool) -> Mailbox | None:
    """Items and the last UID in one transaction. None for a mailbox that was set anew or removed meanwhile."""
    engagement = lock_engagement(asked.engagement_id)
    mailbox = _unchanged(asked)
    if mailbox is None:
        return None
    mailbox.engagement = engagement
    if is_test:
        words = f"The connection works. Messages in {mailbox.folder}: {found.held:,}; none was read by the test."
    else:
        refuse_while_locked(engagement)
        words = _take(mailbox, found)
    refusal = f"{found.said} What came before that is stored." if found.said and found.count else found.said
    _note(mailbox, refusal, words, is_test=is_test)
    if found.is_more and not found.said:
        mailbox.due_at = timezone.now()
    mailbox.save()
    return mailbox


def _unchanged(asked: Mailbox) -> Mailbox | None:
    rows = Mailbox.objects.select_for_update(of=("self",)).select_related("set_by")
    return rows.filter(pk=asked.pk, set_at=asked.set_at).first()


def _take(mailbox: Mailbox, found: Look) -> str:
    reading = found.reading
    taken = store_feedback(mailbox.engagement, reading.items.values(), actor=mailbox.set_by, file=None)
    if found.is_anew:
        record("mailbox.anew", subject=mailbox, actor=None)
    mailbox.uid_validity, mailbox.last_uid = found.validity, found.last_uid
    mailbox.read_count += found.count
    mailbox.new_count += taken.new
    told = [[one.place, one.said] for one in reading.strange]
    mailbox.strange = storable([*told[::-1], *mailbox.strange][:MOST_STRANGE])
    more = " More is waiting; the next round reads on." if found.is_more else ""
    if not found.count:
        return f"Nothing new.{more}"
    return (
        f"Messages read: {found.count:,}. Told in them: {taken.new:,} new, {taken.known + reading.repeated:,} known "
        f"before. About something else: {reading.passed.total():,}. Not understood: {reading.strange_count:,}.{more}"
    )


def _note(mailbox: Mailbox, refusal: str, words: str, *, is_test: bool) -> None:
    now = timezone.now()
    mailbox.looked_at = now
    if refusal:
        mailbox.said = storable(refusal)
        _note_failure(mailbox, now)
        return
    mailbox.state, mailbox.said, mailbox.failures = Mailbox.State.GOOD, words, 0
    if not is_test:
        mailbox.read_at = now
        mailbox.due_at = now + timedelta(minutes=load_limits().mailbox_minutes)


def _note_failure(mailbox: Mailbox, now: datetime) -> None:
    """Growing pauses: a server that counts wrong passwords is not driven into locking the account."""
    limits = load_limits()
    minutes = min(limits.mailbox_minutes * 2 ** min(mailbox.failures, 10), limits.mailbox_longest_minutes)
    if not mailbox.failures:
        record("mailbox.failed", subject=mailbox, actor=None, said=mailbox.said)
    mailbox.state, mailbox.due_at = Mailbox.State.FAILED, now + timedelta(minutes=minutes)
    mailbox.failures = min(mailbox.failures + 1, 1000)


@transaction.atomic
def note_unread(asked: Mailbox, *, said: str) -> None:
    """A round that came to no end, and why. What it read is read again."""
    lock_engagement(asked.engagement_id)
    if mailbox := _unchanged(asked):
        mailbox.looked_at = timezone.now()
        mailbox.said = storable(said)
        _note_failure(mailbox, mailbox.looked_at)
        mailbox.save()
