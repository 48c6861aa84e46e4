"""Where the NDA of an engagement stands: whose turn it is and by when, in words for both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from core.components import ClockReading
from core.wording import moment_text, zone_text
from pricing.calculation.clock import elapsed
from pricing.calculation.working_hours import CALENDAR
from pricing.holds import ON_HOLD
from pricing.in_force import book_at, hours_at
from pricing.models import Nda, NdaSignature

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engagements.models import Engagement

PRACTICE, CUSTOMER = NdaSignature.Side.PRACTICE, NdaSignature.Side.CUSTOMER
_WEEKDAY_SAYS_IT = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Standing:
    """The NDA that counts, if there is one, with the signature of each side so far."""

    engagement: Engagement
    nda: Nda | None
    practice: NdaSignature | None = None
    customer: NdaSignature | None = None

    @property
    def is_signed(self) -> bool:
        return self.nda is not None and self.nda.state == Nda.State.SIGNED

    @property
    def is_open(self) -> bool:
        return self.nda is not None and self.nda.state == Nda.State.OPEN

    @property
    def is_in_review(self) -> bool:
        return self.nda is not None and self.nda.state == Nda.State.IN_REVIEW

    @property
    def waits_for_practice(self) -> bool:
        return self.is_in_review or (self.is_open and self.practice is None)

    @property
    def waits_for_customer(self) -> bool:
        return self.nda is None or (self.is_open and self.customer is None)

    def waits_for(self, side: str) -> bool:
        return self.waits_for_practice if side == PRACTICE else self.waits_for_customer

    @property
    def due_at(self) -> datetime | None:
        return self.nda.clock_due_at if self.nda else None

    @property
    def clock(self) -> ClockReading | None:
        """The promise as it stands, or as it was kept or missed; None as long as no promise runs."""
        nda = self.nda
        if nda is None or nda.clock_started_at is None:
            return None
        started, hours, holds = nda.clock_started_at, hours_at(nda.clock_started_at), nda.holds
        moment = nda.clock_stopped_at or timezone.now()
        return ClockReading(
            left=nda.promise - elapsed(started, moment, pauses=holds, hours=hours),
            due_at=nda.clock_due_at,
            allowed=nda.promise,
            pause=ON_HOLD if any(hold.until is None for hold in holds) else "",
            is_stopped=nda.clock_stopped_at is not None,
            is_calendar=hours is CALENDAR,
            soon=timedelta(hours=book_at(started).thresholds["soon_hours"]),
        )

    @property
    def whose_turn(self) -> str:
        """Who must do what by when; empty once it is signed."""
        return " ".join(_turns(self))


def standing_of(engagement: Engagement) -> Standing:
    found = Nda.objects.filter(engagement=engagement).current().select_related("asked_by", "reviewed_by", "document")
    nda = found.defer("document__pdf").first()
    return Standing(engagement, None) if nda is None else with_signatures(nda, engagement, nda.signatures.all())


def with_signatures(nda: Nda, engagement: Engagement, signatures: Iterable[NdaSignature]) -> Standing:
    by_side = {signature.side: signature for signature in signatures}
    return Standing(engagement, nda, by_side.get(PRACTICE), by_side.get(CUSTOMER))


def _turns(standing: Standing) -> Iterable[str]:
    customer = standing.engagement.organization.name
    if standing.nda is None:
        yield f"{customer} has not chosen one yet."
        return
    if standing.waits_for_practice:
        yield _practice_must(standing)
    if standing.waits_for_customer:
        yield f"{customer} has to sign."


def _practice_must(standing: Standing) -> str:
    practice, act = settings.CONSULTANCY["short_name"], "review and sign" if standing.is_in_review else "sign"
    due = standing.due_at
    if due is None:
        return f"{practice} has to {act}."
    if due < timezone.now():
        return f"{practice} had to {act} by {due_text(due)} and is late."
    return f"{practice} must {act} by {due_text(due)}."


def due_text(due: datetime) -> str:
    """Tue 09:40 GMT-5, in the practice's zone; with the date where a weekday alone would not say it."""
    local = due.astimezone(ZoneInfo(settings.CONSULTANCY["time_zone"]))
    if abs(due - timezone.now()) > _WEEKDAY_SAYS_IT:
        return moment_text(due, local.tzinfo or ZoneInfo("UTC"))
    return f"{local:%a %H:%M} {zone_text(local)}"
