"""A request of the website while it is typed. The token in the link stands for the visitor: there is no account."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.domain.prove_address import prove_by_link
from core import outbox
from core.errors import Conflict, DomainError
from core.models import OutboxMessage
from core.wording import told
from pricing.intake_book import intake_book
from pricing.models import Intake
from pricing.models.intake import digest_of_token

LONGEST_WORDS = 2000
WHY = "Somebody typed this address on our website to go on with a request later."


def find_intake(token: str) -> Intake | None:
    return Intake.objects.for_token(token).select_related("request__engagement__organization", "request__owner").first()


def begin_intake(*, step: str, typed: Mapping[str, str]) -> str:
    """Keep the first words of a visitor. Returns the token of their link, which is stored as its digest alone."""
    token = secrets.token_urlsafe(24)
    Intake.objects.create(token_digest=digest_of_token(token), typed={step: _short(typed)}, expires_at=_keep_until())
    return token


@transaction.atomic
def keep_step(token: str, *, step: str, typed: Mapping[str, str]) -> Intake:
    """Keep the words of one step as they were typed, right or wrong. Raises Conflict once the request was sent."""
    intake = lock_intake(token)
    if intake.is_sent:
        raise Conflict(f"This request was sent on {told(intake.sent_at or timezone.now())}: it is with us as it was.")
    intake.typed = {**intake.typed, step: _short(typed)}
    intake.expires_at = _keep_until()
    intake.save(update_fields=["typed", "expires_at"])
    return intake


def lock_intake(token: str) -> Intake:
    """The row, locked. Raises DomainError for a link that opens nothing any more."""
    intake = Intake.objects.select_for_update(of=("self",)).for_token(token).select_related("request__owner").first()
    if intake is None or intake.is_closed:
        raise DomainError("This link no longer opens a request. Begin a new one; nothing of this one was sent.")
    return intake


@transaction.atomic
def mail_link(token: str, *, to: str) -> None:
    """Mail the link to go on later, on another machine as well."""
    intake = lock_intake(token)
    url = intake_url(token)
    context = {"url": f"{url}?mailed={_mark(intake, to)}", "until": told(intake.expires_at), "why": WHY}
    subject, text, html = outbox.render_mail("intake_link", context)
    outbox.post("intake_link", to=to, subject=subject, text=text, html=html, reference=intake, is_secret=True)


def note_following(intake: Intake, mark: str) -> None:
    """The link of the mail was followed. The token says nothing of that: whoever typed the address has it as well."""
    mails = OutboxMessage.objects.about(intake).filter(kind="intake_link")
    for address in mails.values_list("address", flat=True).distinct().order_by("address"):
        if constant_time_compare(_mark(intake, address), mark):
            prove_by_link(mails.filter(address=address))


def _mark(intake: Intake, address: str) -> str:
    return salted_hmac("pricing.intake.mailed", f"{intake.pk} {address}", algorithm="sha256").hexdigest()[:32]


def intake_url(token: str) -> str:
    return f"{settings.PORTAL_URL}{reverse('start:request', args=[token])}"


def _keep_until() -> datetime:
    return timezone.now() + timedelta(days=intake_book().keep_days)


def _short(typed: Mapping[str, str]) -> dict[str, str]:
    """The database takes no NUL, and no field is longer than a page."""
    return {name: words.replace("\0", "")[:LONGEST_WORDS] for name, words in typed.items()}
