"""How pages and routes of training find the session that an address names, and the people that somebody writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.errors import DomainError
from discovery.found import find_estate
from engagements.domain.announce import team_of
from reports.training_state import people_of, sessions_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from accounts.reader import AnyRequest
    from engagements.models import Engagement
    from reports.models import TrainingSession


def find_session(request: AnyRequest, code: str, number: int) -> TrainingSession:
    engagement = find_estate(request, code)
    session = get_object_or_404(sessions_of(engagement).visible_to(reader_of(request)), number=number)
    session.engagement = engagement
    return session


def find_worked_session(request: AnyRequest, code: str, number: int) -> TrainingSession:
    """The session for somebody who works on it for the practice; 403 with the reason for the others."""
    session = find_session(request, code, number)
    require(reader_of(request), Permission.WORK_TASK, session.engagement.organization)
    return session


def trainer_at(engagement: Engagement, address: str) -> User:
    """Raises DomainError for an address that nobody on the engagement has."""
    return _at(team_of(engagement), address, f"Nobody of the practice on {engagement.code}")


def person_at(engagement: Engagement, address: str) -> User:
    """Raises DomainError for an address that nobody of the customer has."""
    return _at(people_of(engagement.organization), address, f"Nobody at {engagement.organization}")


def _at(people: Iterable[User], address: str, nobody: str) -> User:
    for person in people:
        if person.email.casefold() == address.casefold():
            return person
    raise DomainError(f"{nobody} has the address {address}.")
