import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.domain.create_customer import add_customer
from accounts.domain.prove_address import prove_by_link
from accounts.models import Organization, User
from accounts.permissions import Permission, require
from core.audit import record
from core.errors import Conflict
from core.models import OutboxMessage
from engagements.domain.lock_engagement import lock_engagement
from engagements.models import Engagement
from pricing.calculation.facts import DataPoints, points_from
from pricing.domain.announce_intake import announce_confirmed, announce_request
from pricing.domain.book_call import book_call, find_opening
from pricing.domain.choose_owner import choose_owner
from pricing.domain.keep_intake import begin_intake, lock_intake
from pricing.domain.record_request import Contact, begin_request, complete_request, start_clock, told_points
from pricing.intake_book import intake_book
from pricing.models import Intake, Request
from pricing.models.intake import digest_of_token


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor sends. `wished` is the time of the call they chose, None for no call; then we call `telephone`."""

    company: str
    time_zone: str
    contact: Contact
    points: DataPoints
    wished: datetime | None = None
    telephone: str = ""


@transaction.atomic
def send_intake(token: str, *, asked: Asked, actor: User | None = None) -> Intake:
    """Make the request of what was typed; sent twice, the first one stands. `actor` is a program's person, if any.

    The request never waits for the call: a time that somebody else took meanwhile is left out, and the page offers
    others. The same address and company again within a day is kept beside the request that is there as a claim, which
    changes nothing before the contact confirms it by the link in their mail.
    """
    intake = lock_intake(token)
    if intake.is_sent:
        return intake
    _one_at_a_time()
    earlier = _sent_lately(asked)
    if earlier:
        return _claim(intake, earlier, asked, actor)
    request = _begin(asked, actor)
    _note_sent(intake, request, asked)
    said = {"contact": asked.contact.name, "known": sum(asked.points.known), **told_points(request)}
    record("request.received", subject=request, actor=actor, **said)
    start_clock(request, actor)
    _book_if_free(request, asked.wished, asked.time_zone, asked.telephone)
    announce_request(intake, token)
    return intake


def _claim(intake: Intake, request: Request, asked: Asked, actor: User | None) -> Intake:
    """Kept beside the request. The second link is in the mail alone: whoever typed the address never sees it."""
    mailed = secrets.token_urlsafe(24)
    intake.is_joined, intake.mailed_digest = True, digest_of_token(mailed)
    wished = asked.wished.isoformat() if asked.wished else ""
    intake.claim = {
        "points": asdict(asked.points),
        "wished": wished,
        "time_zone": asked.time_zone,
        "telephone": asked.telephone,
    }
    _note_sent(intake, request, asked)
    said = {"contact": asked.contact.name, "known": sum(asked.points.known)}
    record("request.received_again", subject=request, actor=actor, **said)
    announce_request(intake, mailed)
    return intake


@transaction.atomic
def confirm_intake(token: str) -> Intake:
    """Add what was claimed to the request: its contact says by the mailed link that it is theirs.

    Does nothing by any other link, or twice. Raises Conflict once the request is closed.
    """
    intake = lock_intake(token)
    request = intake.request
    if request is None or not intake.is_claim or not intake.is_mailed(token):
        return intake
    phase = lock_engagement(request.engagement_id).phase
    if phase != Engagement.Phase.INTAKE:
        raise Conflict("This request is closed meanwhile: nothing was added. Write to us with its reference.")
    points = points_from(intake.claim["points"])
    request = request if request.points.is_complete else complete_request(request, points)
    intake.request, intake.confirmed_at = request, timezone.now()
    intake.save(update_fields=["confirmed_at"])
    said = {"contact": intake.contact_email, "known": sum(points.known), **told_points(request)}
    record("request.confirmed", subject=request, actor=None, **said)
    start_clock(request, None)
    claim = intake.claim
    _book_if_free(request, _moment(claim["wished"]), claim["time_zone"], claim.get("telephone", ""))
    announce_confirmed(intake)
    mails = OutboxMessage.objects.about(request).filter(kind="request_received", created_at__gte=intake.sent_at)
    prove_by_link(mails.filter(address__iexact=intake.contact_email))
    return intake


def _moment(stored: str) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


@transaction.atomic
def take_intake(asked: Asked, *, actor: User) -> tuple[str, Intake]:
    """Begin and send in one, for a program that asked the visitor itself. Returns the token of the link, too."""
    require(actor, Permission.EDIT_REQUEST, Organization.objects.consultancy())
    token = begin_intake(step="about", typed=_words(asked))
    return token, send_intake(token, asked=asked, actor=actor)


def _words(asked: Asked) -> dict[str, str]:
    return {
        "contact_name": asked.contact.name,
        "company": asked.company,
        "contact_email": asked.contact.email,
        "time_zone": asked.time_zone,
    }


def _one_at_a_time() -> None:
    """Of two who send the same at the same moment the second sees the first."""
    Organization.objects.select_for_update(no_key=True).filter(kind=Organization.Kind.CONSULTANCY).first()


def _sent_lately(asked: Asked) -> Request | None:
    since = timezone.now() - timedelta(hours=intake_book().join_hours)
    earlier = Intake.objects.filter(
        company__iexact=asked.company,
        contact_email__iexact=asked.contact.email,
        request__contact_email__iexact=asked.contact.email,  # the contact of today is who confirms
        sent_at__gte=since,
        request__engagement__phase=Engagement.Phase.INTAKE,
    )
    found = earlier.select_related("request__engagement__organization", "request__owner").order_by("sent_at").first()
    return found.request if found else None


def _begin(asked: Asked, actor: User | None) -> Request:
    """Whoever is free at the time that was chosen owns the request, so that the call is with them."""
    opening = find_opening(asked.wished) if asked.wished else None
    owner = choose_owner(opening.person if opening else None)
    customer = add_customer(name=_free_name(asked.company), time_zone=asked.time_zone, actor=actor)
    return begin_request(customer, owner=owner, actor=actor, contact=asked.contact, points=asked.points)


def _free_name(company: str) -> str:
    """A visitor who names a customer we have is not let near that one: the practice sees both and decides."""
    taken = {name.lower() for name in Organization.objects.values_list("name", flat=True)}
    names = (company if number == 1 else f"{company} ({number})" for number in range(1, len(taken) + 2))
    return next(name for name in names if name.lower() not in taken)


def _book_if_free(request: Request, wished: datetime | None, time_zone: str, telephone: str) -> None:
    if wished is None or request.calls.booked().exists():
        return
    with suppress(Conflict), transaction.atomic():
        book_call(request, starts_at=wished, time_zone=time_zone, telephone=telephone)


def _note_sent(intake: Intake, request: Request, asked: Asked) -> None:
    now = timezone.now()
    intake.request, intake.sent_at = request, now
    intake.company, intake.contact_email = asked.company, asked.contact.email
    intake.expires_at = now + timedelta(days=intake_book().link_days)
    intake.save()
