from django.conf import settings
from django.db.models import Count, Q

from accounts.models import Membership, Organization, User
from accounts.permissions import Permission, people_who_may
from core.errors import Conflict
from engagements.models import Engagement

NOBODY = "Nobody here takes requests yet. Write to {address}; what you typed is kept under your link."


def callers() -> list[User]:
    """Whoever of the practice records requests and so may offer times for calls about them."""
    practice = Organization.objects.filter(kind=Organization.Kind.CONSULTANCY).first()
    return people_who_may(practice, Permission.EDIT_REQUEST) if practice else []


def sellers() -> list[User]:
    """Who may own a request: sales first, then whoever else records requests."""
    people = callers()
    in_sales = set(Membership.objects.filter(role=Membership.Role.SALES).values_list("user_id", flat=True))
    return [person for person in people if person.pk in in_sales] or people


def choose_owner(preferred: User | None = None) -> User:
    """Who a request of the website belongs to: whom the settings name, the preferred one, or who has the fewest.

    Raises Conflict while the practice has nobody who could.
    """
    people = sellers()
    if not people:
        raise Conflict(NOBODY.format(address=settings.CONSULTANCY["support_email"]))
    named = next((person for person in callers() if person.email.lower() == settings.INTAKE_OWNER), None)
    if chosen := named or preferred:
        return chosen
    load = open_requests(people)
    return min(people, key=lambda person: (load[person.pk], person.pk))


def open_requests(people: list[User]) -> dict[int, int]:
    """How many open requests each owns."""
    is_open = Q(owned_requests__engagement__phase=Engagement.Phase.INTAKE)
    counted = User.objects.filter(pk__in=[person.pk for person in people])
    return dict(counted.annotate(load=Count("owned_requests", filter=is_open)).values_list("pk", "load"))
