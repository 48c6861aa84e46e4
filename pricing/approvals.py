"""What waits for a second person's approval, and who may give it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import Organization
from accounts.permissions import Permission, people_who_may
from pricing.given_terms import given_in, why_not
from pricing.models import Quote

if TYPE_CHECKING:
    from accounts.models import User
    from pricing.given_terms import Given


@dataclass(frozen=True, slots=True)
class Waiting:
    given: Given
    approvers: tuple[User, ...]


def waiting_in(quote: Quote) -> list[Waiting]:
    """Everything in a draft that waits, with whoever may approve it, by name."""
    if quote.state != Quote.State.DRAFT:
        return []
    waiting = [given for given in given_in(quote) if not given.is_settled]
    if not waiting:
        return []
    people = people_who_may(Organization.objects.consultancy(), Permission.SEND_QUOTE)
    return [
        Waiting(given, tuple(person for person in people if not why_not(given, quote, person))) for given in waiting
    ]
