from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, require, require_person
from core.audit import record
from core.errors import Conflict, DomainError
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement
from engagements.today import today_of
from pricing.balance import Balance, amount_of, balances_of
from pricing.models import BalanceEntry

LONGEST = 24 * 60


@dataclass(frozen=True, slots=True)
class Booking:
    """A call (`units` 1), or minutes of questions: when, with whom, about what, and at whose cost."""

    kind: str
    units: int
    on_day: date
    with_whom: str
    note: str
    is_on_us: bool = False


@transaction.atomic
def book_balance(engagement: Engagement, *, actor: User, booking: Booking) -> BalanceEntry:
    """Take a call or minutes off what the fee includes, or note them at the practice's cost.

    Raises DomainError with what is left when there is not enough, Conflict where the fee includes none.
    """
    engagement = _lock(engagement.pk, actor, "book calls or minutes")
    balance = _balance(engagement, booking.kind)
    _refuse_odd(booking, engagement)
    left = _left_after(booking, balance)
    entry = BalanceEntry.objects.create(
        engagement=engagement,
        kind=booking.kind,
        units=booking.units,
        is_on_us=booking.is_on_us,
        left=left,
        on_day=booking.on_day,
        with_whom=booking.with_whom.strip(),
        note=booking.note.strip(),
        booked_by=actor,
        booked_at=timezone.now(),
    )
    amount = amount_of(entry.kind, entry.units)
    cost = " on the practice's cost" if entry.is_on_us else ""
    record("balance.booked", subject=entry, actor=actor, amount=amount, cost=cost, note=entry.note)
    return entry


@transaction.atomic
def take_back_booking(entry: BalanceEntry, *, actor: User, reason: str) -> BalanceEntry:
    """Undo an entry by one that counts against it; both stay to be read. Each is taken back once."""
    engagement = _lock(entry.engagement_id, actor, "take a booking back")
    if entry.undoes_id is not None:
        raise DomainError("This entry takes another one back already. Book it again instead.")
    if BalanceEntry.objects.filter(undoes=entry).exists():
        raise Conflict("This entry has been taken back already.")
    if not reason.strip():
        raise DomainError("Say why: the customer reads it.")
    balance = _balance(engagement, entry.kind)
    counter = BalanceEntry.objects.create(
        engagement=engagement,
        kind=entry.kind,
        units=-entry.units,
        is_on_us=entry.is_on_us,
        left=balance.left + (0 if entry.is_on_us else entry.units),
        on_day=entry.on_day,
        with_whom=entry.with_whom,
        note=reason.strip(),
        undoes=entry,
        booked_by=actor,
        booked_at=timezone.now(),
    )
    amount = amount_of(entry.kind, entry.units)
    record("balance.taken_back", subject=counter, actor=actor, amount=amount, reason=reason.strip())
    return counter


def _left_after(booking: Booking, balance: Balance) -> int:
    left = balance.left - (0 if booking.is_on_us else booking.units)
    if left < 0:
        raise DomainError(
            f"{amount_of(booking.kind, balance.left).capitalize()} left, and this booking takes "
            f"{amount_of(booking.kind, booking.units)}. Book what is left, and the rest on the practice's cost."
        )
    return left


def _lock(pk: int, actor: User, act: str) -> Engagement:
    engagement = lock_engagement(pk)
    require(actor, Permission.WORK_TASK, engagement.organization)
    require_person(actor, act)
    return engagement


def _balance(engagement: Engagement, kind: str) -> Balance:
    found = next((one for one in balances_of(engagement) if one.kind == kind), None)
    if found is None:
        raise Conflict(f"The fee agreed for {engagement.code} includes no calls or hours to book.")
    return found


def _refuse_odd(booking: Booking, engagement: Engagement) -> None:
    if not 1 <= booking.units <= LONGEST:
        raise DomainError("Enter the minutes as a whole number, for example 45; a day at most.")
    if booking.kind == BalanceEntry.Kind.CALL and booking.units != 1:
        raise DomainError("Each call is booked by itself.")
    if booking.on_day > today_of(engagement):
        raise DomainError("Book it once it has taken place: this day lies ahead.")
    if not booking.note.strip() or not booking.with_whom.strip():
        raise DomainError("Say with whom it was and what it was about: the customer reads it.")
