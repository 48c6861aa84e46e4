"""Mail of the portal itself that came back: who it was for is marked. It is known by a Message-ID nobody can guess."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.domain.prove_address import prove_by_mail
from core.domain.note_failure import note_failure
from core.mail_failures import in_one_line
from core.models import OutboxMessage
from delivery.feedback.items import Action, Kind
from delivery.feedback.judging import load_taxonomy

if TYPE_CHECKING:
    from delivery.feedback.files import FileReading
    from delivery.feedback.items import Feedback


@dataclass(slots=True)
class Returned:
    """How many of our mails failed, arrived or only wait; what came back of others; what says nothing of delivery."""

    failed: int = 0
    known: int = 0
    arrived: int = 0
    delayed: int = 0
    foreign: int = 0
    passed: int = 0
    strange: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        return (
            f"Mails of this portal that failed: {self.failed}, arrived: {self.arrived}, known before: {self.known}, "
            f"still tried: {self.delayed}. About other mail: {self.foreign}. Saying nothing of delivery: "
            f"{self.passed}. Not understood: {len(self.strange)}."
        )


def take_returned(reading: FileReading) -> Returned:
    """Safe to run twice over the same mail: what was noted once is not noted again."""
    taken = Returned(passed=reading.passed.total())
    taken.strange = [one.said for one in reading.strange]
    for item in reading.items.values():
        _take(item, taken)
    return taken


@transaction.atomic
def _take(item: Feedback, taken: Returned) -> None:
    told = item.told
    mails = list(OutboxMessage.objects.select_for_update().told_in(f"<{told.message_id.strip('<> ')}>"))
    if not mails or told.kind in {Kind.COMPLAINT, Kind.REPORT}:
        taken.foreign += 1
    elif told.kind == Kind.DELAYED:
        taken.delayed += 1
    elif told.kind == Kind.ARRIVED and not told.is_delivered:
        taken.passed += 1
    elif mails[0].arrived_at if told.is_delivered else mails[0].came_back_at:
        taken.known += 1
    elif told.is_delivered:
        taken.arrived += 1
        _note_arrival(mails)
    else:
        taken.failed += 1
        _note_return(item, mails)


def _note_arrival(mails: list[OutboxMessage]) -> None:
    OutboxMessage.objects.filter(pk__in=[mail.pk for mail in mails]).update(arrived_at=timezone.now())
    prove_by_mail(mails[0])


def _note_return(item: Feedback, mails: list[OutboxMessage]) -> None:
    """Where a mail was sent on to somebody else before it failed, the address itself may be good: it only counts."""
    address = mails[0].address
    named = {item.told.recipient.lower(), item.told.original_recipient.lower()} - {""}
    is_dead = item.verdict.action == Action.HARD and named <= {address.lower()}
    said = in_one_line(_said(item))
    rows = OutboxMessage.objects.filter(pk__in=[mail.pk for mail in mails])
    rows.update(came_back_at=timezone.now(), error_sentence=f"The mail came back: {said}")
    note_failure(address, said=said, is_dead=is_dead, came_back=True)


def _said(item: Feedback) -> str:
    words = f"{item.told.status} {item.told.diagnostic}".strip()
    return words or load_taxonomy().categories[item.verdict.category].title
