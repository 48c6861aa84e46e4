from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.domain.create_customer import create_customer
from accounts.models import Organization, User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict, DomainError
from core.wording import told
from discovery.domain.find_contradictions import find_contradictions
from engagements.domain.lock_engagement import lock_engagement
from engagements.domain.mark_stale import mark_stale
from engagements.domain.open_engagement import begin_engagement
from engagements.models import Engagement
from pricing.calculation.facts import DataPoints
from pricing.clocks import clock_of
from pricing.domain.choose_owner import choose_owner
from pricing.models import Request


@dataclass(frozen=True, slots=True)
class NewCustomer:
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Who asked, and gets the quote. `source` is one of Request.Source."""

    name: str
    email: str
    source: str = Request.Source.OTHER


@transaction.atomic
def record_request(
    customer: Organization | NewCustomer, *, actor: User, contact: Contact, points: DataPoints
) -> Request:
    """Begin an engagement at intake with what is known of the data points; any of them may be unknown.

    It belongs to whoever records it, or where a service user does, to a person as a request of the website does.
    Raises Conflict when the customer has an open request, naming it.
    """
    require(actor, Permission.EDIT_REQUEST, Organization.objects.consultancy())
    organization = _organization(customer, actor)
    if running := Request.objects.open().filter(engagement__organization=organization).first():
        raise Conflict(f"{organization} has an open request already: {running.engagement.code}. Continue that one.")
    owner = choose_owner() if actor.is_service else actor
    request = begin_request(organization, owner=owner, actor=actor, contact=contact, points=points)
    record("request.recorded", subject=request, actor=actor, known=request.known_points, **told_points(request))
    start_clock(request, actor)
    return request


def begin_request(
    organization: Organization, *, owner: User, actor: User | None, contact: Contact, points: DataPoints
) -> Request:
    """Part of recording; asks for no permission, tells the ledger of nothing but the engagement, starts no clock."""
    title = f"Outbound mail of {organization}"[:120]
    request = Request(engagement=begin_engagement(organization, actor=actor, title=title), owner=owner)
    _fill(request, contact, points)
    request.save()
    return request


def complete_request(request: Request, points: DataPoints) -> Request:
    """Fill in what was unknown; what is recorded stays. Part of joining; asks for no permission itself."""
    lock_engagement(request.engagement_id)
    request = _lock(request)
    _fill_points(request, request.points.completed_by(points))
    request.version += 1
    request.changed_by = request.changed_at = None  # no person of the practice did it
    request.save()
    return request


def _organization(customer: Organization | NewCustomer, actor: User) -> Organization:
    if isinstance(customer, Organization):
        if customer.kind != Organization.Kind.CUSTOMER:
            raise DomainError(f"{customer} is not a customer.")
        return Organization.objects.select_for_update().get(pk=customer.pk)  # one request at a time
    return create_customer(name=customer.name, time_zone=customer.time_zone, actor=actor)


@transaction.atomic
def change_request(
    request: Request, *, actor: User, contact: Contact, points: DataPoints, shown_version: int
) -> Request:
    """Save what was typed, complete or not. Raises Conflict when somebody saved meanwhile, saying who and when.

    A recorded data point can be corrected but not taken back: the promise to answer runs from it.
    """
    engagement = lock_engagement(request.engagement_id)
    request = _lock(request)
    require(actor, Permission.EDIT_REQUEST, request.engagement.organization)
    if engagement.phase != Engagement.Phase.INTAKE:
        raise Conflict(f"{engagement.code} is at “{engagement.get_phase_display()}”: its request is closed.")
    if request.version != shown_version:
        raise Conflict(_who_changed(request))
    _refuse_forgetting(request, points)
    _fill(request, contact, points)
    request.version += 1
    request.changed_by, request.changed_at = actor, timezone.now()
    request.save()
    record("request.changed", subject=request, actor=actor, known=request.known_points, **told_points(request))
    start_clock(request, actor)
    find_contradictions(engagement, actor=actor)
    mark_stale(engagement, actor=actor)
    return request


def _refuse_forgetting(request: Request, points: DataPoints) -> None:
    if request.complete_at and not points.is_complete:
        raise DomainError(
            f"The clock runs since {told(request.complete_at)}, so no data point can become unknown again. "
            f"Missing now: {', '.join(points.missing)}."
        )


def _lock(request: Request) -> Request:
    locked = Request.objects.select_for_update(of=("self",)).select_related("engagement__organization", "changed_by")
    return locked.get(pk=request.pk)


def _who_changed(request: Request) -> str:
    if request.changed_by is None or request.changed_at is None:
        return "This request was saved meanwhile. What you typed is kept below; compare it with what is stored."
    return (
        f"{request.changed_by} changed this on {told(request.changed_at)}. "
        "What you typed is kept below; compare it with what is stored, then save again."
    )


def _fill(request: Request, contact: Contact, points: DataPoints) -> None:
    request.contact_name, request.contact_email = contact.name, contact.email
    request.source = contact.source
    _fill_points(request, points)


def _fill_points(request: Request, points: DataPoints) -> None:
    for fact in ("month", "peak", "ips", "pools", "streams", "tenants", "domains"):
        setattr(request, fact, getattr(points, fact))
    request.milters = points.components.milters
    request.bounce_processors = points.components.bounce
    request.fbl_scripts = points.components.fbl
    request.other_components = points.components.other
    request.team = points.team or ""


def told_points(request: Request) -> dict[str, object]:
    """The data points as the ledger keeps them, so that a correction can be followed."""
    points = request.points
    shape = {fact: getattr(points, fact) for fact in ("month", "peak", "ips", "pools", "streams", "tenants", "domains")}
    parts = [points.components.milters, points.components.bounce, points.components.fbl, points.components.other]
    return {**shape, "components": parts, "team": request.team}


def start_clock(request: Request, actor: User | None) -> None:
    """Does nothing while a data point is missing, and nothing to a clock that runs."""
    if request.complete_at or not request.points.is_complete:
        return
    request.complete_at = timezone.now()
    request.save(update_fields=["complete_at"])
    reading = clock_of(Request.objects.with_clock().get(pk=request.pk))
    record("request.complete", subject=request, actor=actor, due=reading and reading.due_at)
