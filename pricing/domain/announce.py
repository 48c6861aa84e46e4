"""Mail about quotes: outbox rows in the transaction of the fact, delivered after it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import Duty, User
from accounts.permissions import people_with_duty
from core import outbox
from core.wording import amount_text
from engagements.models import FrozenDocument
from pricing.content import valid_until_text
from pricing.models import Quote, Request


def _post(
    template: str,
    to: User | str,
    reference: Quote | Request,
    attachments: Sequence[outbox.Attachment] = (),
    **context: Any,
) -> None:
    subject, text, html = outbox.render_mail(template, context)
    outbox.post(template, to=to, subject=subject, text=text, html=html, reference=reference, attachments=attachments)


def _pdf(document: FrozenDocument) -> outbox.Attachment:
    return outbox.Attachment(document.filename, bytes(document.pdf), "application/pdf")


def _url(name: str, *arguments: object) -> str:
    return f"{settings.PORTAL_URL}{reverse(name, args=arguments)}"


def _facts(quote: Quote) -> dict[str, Any]:
    organization = quote.engagement.organization
    valid_until = valid_until_text(quote.valid_until, organization) if quote.valid_until else ""
    return {
        "quote": quote,
        "organization": organization,
        "total": amount_text(quote.total),
        "valid_until": valid_until,
        "url": _url("pricing:quote", quote.reference),
    }


def announce_quote(quote: Quote) -> None:
    """To everybody who may accept it; before anybody may, to the contact, beside their invitation."""
    request = quote.engagement.request
    people = people_with_duty(quote.engagement.organization, Duty.Kind.ACCEPT_QUOTES)
    digest = quote.document.digest if quote.document else ""
    for person in people:
        _post("quote_sent", person, quote, name=person.full_name, is_invited=False, digest=digest, **_facts(quote))
    if not people:
        invited = {**_facts(quote), "name": request.contact_name, "is_invited": True, "digest": digest}
        _post("quote_sent", request.contact_email, quote, **invited)


def announce_acceptance(quote: Quote) -> None:
    """A receipt with the accepted PDF to the acceptor and to whoever owns the request."""
    facts = {**_facts(quote), "url": _url("pricing:receipt", quote.reference)}
    files = [_pdf(quote.document)] if quote.document else []
    for person in dict.fromkeys([quote.accepted_by, quote.engagement.request.owner]):
        if person is not None:
            _post("quote_accepted", person, quote, files, name=person.full_name, **facts)


def announce_decline(quote: Quote, reason: str) -> None:
    owner = quote.engagement.request.owner
    _post("quote_declined", owner, quote, name=owner.full_name, reason=reason, **_facts(quote))


def announce_withdrawal(quote: Quote, reason: str) -> None:
    for person in people_with_duty(quote.engagement.organization, Duty.Kind.ACCEPT_QUOTES):
        _post("quote_withdrawn", person, quote, name=person.full_name, reason=reason, **_facts(quote))


def announce_void(quote: Quote) -> None:
    """To whoever accepted it and to the owner of the request."""
    for person in dict.fromkeys([quote.accepted_by, quote.engagement.request.owner]):
        if person is not None:
            _post("quote_void", person, quote, name=person.full_name, reason=quote.end_reason, **_facts(quote))


def announce_question(quote: Quote, *, actor: User, url: str) -> None:
    owner = quote.engagement.request.owner
    facts = {**_facts(quote), "url": settings.PORTAL_URL + url}
    _post("quote_question", owner, quote, name=owner.full_name, asker=actor, **facts)


def announce_stay(request: Request, document: FrozenDocument) -> None:
    """The advice itself, attached: the reader may not have an account."""
    organization = request.engagement.organization
    url = _url("pricing:engagement_quote", request.engagement.code)
    facts = {"organization": organization, "request": request, "url": url}
    people = people_with_duty(organization, Duty.Kind.ACCEPT_QUOTES)
    for person in people:
        _post("quote_stay_advice", person, request, [_pdf(document)], name=person.full_name, **facts)
    if not people:
        _post("quote_stay_advice", request.contact_email, request, [_pdf(document)], name=request.contact_name, **facts)
