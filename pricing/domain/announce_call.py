"""Mail about calls, with the calendar entry: to the contact in their zone, to the member of sales in theirs."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import outbox
from core.calendar_entry import MEDIA_TYPE, Entry, Party, calendar_file
from core.wording import moment_text
from pricing.models import Call

FILENAME = "call.ics"
WHY = "You asked for a quote on our website and booked a call, or you take such calls."


def announce_call(call: Call, *, lost: User | None = None) -> None:
    """Booked or moved. `lost` is who had the call before somebody else took it over."""
    _tell_contact("call_booked", call)
    _post("call_booked_staff", call.person, call, zone=call.person.time_zone)
    if lost is not None:
        _post("call_lost_staff", lost, call, zone=lost.time_zone, is_cancelled=True)


def announce_no_call(call: Call) -> None:
    _tell_contact("call_cancelled", call)
    _post("call_cancelled_staff", call.person, call, zone=call.person.time_zone)


def _tell_contact(template: str, call: Call) -> None:
    _post(template, call.request.contact_email, call, zone=call.time_zone)


def _post(template: str, to: User | str, call: Call, *, zone: str, is_cancelled: bool = False) -> None:
    request = call.request
    context = {
        "call": call,
        "asked": request,
        "organization": request.engagement.organization,
        "starts": moment_text(call.starts_at, ZoneInfo(zone)),
        "url": f"{settings.PORTAL_URL}{reverse('pricing:request', args=[request.engagement.code])}",
        "why": WHY,
    }
    subject, text, html = outbox.render_mail(template, context)
    file = outbox.Attachment(FILENAME, calendar_file(entry_of(call, is_cancelled=is_cancelled)), MEDIA_TYPE)
    outbox.post(template, to=to, subject=subject, text=text, html=html, reference=call, attachments=[file])


def entry_of(call: Call, *, is_cancelled: bool = False) -> Entry:
    request = call.request
    on = f" on {call.telephone}" if call.telephone else ""
    practice, code = settings.CONSULTANCY, request.engagement.code
    return Entry(
        uid=f"{call.uid}@gatepost",
        sequence=call.sequence,
        written_at=timezone.now(),
        starts_at=call.starts_at,
        ends_at=call.ends_at,
        title=f"Call about {code}: {practice['name']}",
        text=f"{call.person.full_name} calls {request.contact_name}{on} about request {code}. "
        f"To move or cancel the call, open the link in the confirmation of your request.",
        organizer=Party(practice["name"], practice["support_email"]),
        attendees=(Party(request.contact_name, request.contact_email), Party(call.person.full_name, call.person.email)),
        location=f"Telephone: {call.telephone}" if call.telephone else "",
        is_cancelled=is_cancelled or call.cancelled_at is not None,
    )
