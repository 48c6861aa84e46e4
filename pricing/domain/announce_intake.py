"""Mail about a request of the website: to its owner that it came, to the contact what happens next and when."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from core import outbox
from core.wording import moment_text
from pricing.clocks import clock_of
from pricing.domain.keep_intake import intake_url
from pricing.models import Intake, Request

WHY = "You asked for a quote on our website."


def announce_request(intake: Intake, token: str) -> None:
    request = intake.request
    if request is None:
        raise ValueError("Only what was sent can be announced")
    _tell_owner(intake, request)
    _tell_contact(intake, request, token)


def announce_confirmed(intake: Intake) -> None:
    if intake.request is None:
        raise ValueError("Only what was sent can be confirmed")
    _tell_owner(intake, intake.request)


def _tell_owner(intake: Intake, request: Request) -> None:
    owner = request.owner
    context = {
        "intake": intake,
        "name": owner.full_name,
        "due": _in_zone(request, owner.time_zone),
        "url": f"{settings.PORTAL_URL}{reverse('pricing:request', args=[request.engagement.code])}",
        **_facts(request),
    }
    subject, text, html = outbox.render_mail("request_new", context)
    outbox.post("request_new", to=owner, subject=subject, text=text, html=html, reference=request)


def _tell_contact(intake: Intake, request: Request, token: str) -> None:
    """The link inside opens the request to whoever reads the mail, so its words are stored sealed."""
    organization = request.engagement.organization
    context = {
        "intake": intake,
        "name": request.contact_name,
        "due": _in_zone(request, organization.time_zone),
        "url": intake_url(token),
        "why": WHY,
        **_facts(request),
    }
    subject, text, html = outbox.render_mail("request_received", context)
    address = intake.contact_email
    outbox.post(
        "request_received", to=address, subject=subject, text=text, html=html, reference=request, is_secret=True
    )


def _facts(request: Request) -> dict[str, object]:
    return {
        "asked": request,
        "organization": request.engagement.organization,
        "code": request.engagement.code,
        "missing": request.points.missing,
    }


def _in_zone(request: Request, zone: str) -> str:
    reading = clock_of(Request.objects.with_clock().get(pk=request.pk))
    return moment_text(reading.due_at, ZoneInfo(zone)) if reading and reading.due_at else ""
