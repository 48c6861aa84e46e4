"""Mail about quotes: outbox rows in the transaction of the fact, delivered after it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import Duty, User
from accounts.permissions import people_with_duty
from core import outbox
from core.wording import amount_text
from engagements.models import FrozenDocument
from pricing.content import valid_until_text
from pricing.domain.offer_seat import may_answer
from pricing.links import link_to
from pricing.models import Quote, QuoteContact, Request
from pricing.nda_standing import standing_of
from pricing.people import owner_or_leads


def post_mail(
    template: str,
    to: User | str,
    reference: Quote | Request,
    attachments: Sequence[outbox.Attachment] = (),
    **context: Any,
) -> None:
    subject, text, html = outbox.render_mail(template, context)
    outbox.post(template, to=to, subject=subject, text=text, html=html, reference=reference, attachments=attachments)


def post_to_contact(
    template: str, contact: QuoteContact, attachments: Sequence[outbox.Attachment] = (), **context: Any
) -> None:
    """A mail with the contact's own link, or with a code: so the words lie sealed until they are out."""
    facts = {**facts_of(contact.quote), "url": link_to(contact.token), "name": contact.full_name, "contact": contact}
    subject, text, html = outbox.render_mail(template, {**facts, "why": _why(contact), **context})
    outbox.post(
        template,
        to=contact.email,
        subject=subject,
        text=text,
        html=html,
        reference=contact,
        is_secret=True,
        attachments=attachments,
    )


def _why(contact: QuoteContact) -> str:
    if contact.origin == QuoteContact.Origin.DUTY:
        return f"You may accept quotes for {contact.quote.engagement.organization}."
    if contact.origin == QuoteContact.Origin.FORWARD:
        return f"{contact.added_by.full_label} forwarded the quote to this address."
    return f"{contact.quote.engagement.organization} asked for a quote and named this address."


def pdf_of(document: FrozenDocument) -> outbox.Attachment:
    return outbox.Attachment(document.filename, bytes(document.pdf), "application/pdf")


def page_url(name: str, *arguments: object) -> str:
    return f"{settings.PORTAL_URL}{reverse(name, args=arguments)}"


def facts_of(quote: Quote) -> dict[str, Any]:
    organization = quote.engagement.organization
    valid_until = valid_until_text(quote.valid_until, organization) if quote.valid_until else ""
    return {
        "quote": quote,
        "organization": organization,
        "total": amount_text(quote.total),
        "valid_until": valid_until,
        "url": page_url("pricing:quote", quote.reference),
    }


def announce_quote(contact: QuoteContact) -> None:
    """To one of those it lies before."""
    document = contact.quote.document
    answer = may_answer(contact.email, contact.quote.engagement.organization)
    post_to_contact("quote_sent", contact, digest=document.digest if document else "", may_answer=bool(answer))


def announce_reminder(contact: QuoteContact) -> None:
    post_to_contact("quote_reminder", contact)


def announce_code(contact: QuoteContact, code: str, *, minutes: int) -> None:
    """The code stands in no subject: subjects are kept."""
    post_to_contact("quote_code", contact, code=code, minutes=minutes)


def announce_acceptance(quote: Quote) -> None:
    """A receipt with the accepted PDF to the acceptor and to whoever owns the request."""
    engagement = quote.engagement
    nda = {"nda_turn": standing_of(engagement).whose_turn, "nda_url": page_url("pricing:nda", engagement.code)}
    facts = {**facts_of(quote), **nda, "url": page_url("pricing:receipt", quote.reference)}
    files = [pdf_of(quote.document)] if quote.document else []
    for person in dict.fromkeys([quote.accepted_by, *owner_or_leads(quote.engagement.request)]):
        contact = quote.contacts.filter(email__iexact=person.email).first() if person else None
        if contact:
            post_to_contact("quote_accepted", contact, files, **nda, url=link_to(contact.token, "receipt"))
        elif person:
            post_mail("quote_accepted", person, quote, files, name=person.full_name, **facts)


def announce_decline(quote: Quote, reason: str) -> None:
    for person in owner_or_leads(quote.engagement.request):
        post_mail("quote_declined", person, quote, name=person.full_name, reason=reason, **facts_of(quote))


def announce_withdrawal(quote: Quote, reason: str) -> None:
    for contact in quote.contacts.all():
        post_to_contact("quote_withdrawn", contact, reason=reason)


def announce_renewal(contact: QuoteContact) -> None:
    quote = contact.quote
    for person in owner_or_leads(quote.engagement.request):
        post_mail("quote_renewal", person, quote, name=person.full_name, contact=contact, **facts_of(quote))


def announce_void(quote: Quote) -> None:
    """To whoever accepted it and to the owner of the request."""
    for person in dict.fromkeys([quote.accepted_by, *owner_or_leads(quote.engagement.request)]):
        if person is not None:
            post_mail("quote_void", person, quote, name=person.full_name, reason=quote.end_reason, **facts_of(quote))


def announce_question(quote: Quote, people: Iterable[User], *, asker: User, url: str) -> None:
    facts = {**facts_of(quote), "url": settings.PORTAL_URL + url}
    for person in people:
        post_mail("quote_question", person, quote, name=person.full_name, asker=asker, **facts)


def announce_stay(request: Request, document: FrozenDocument) -> None:
    """The advice itself, attached: the reader may not have an account."""
    organization = request.engagement.organization
    url = page_url("pricing:engagement_quote", request.engagement.code)
    facts = {"organization": organization, "request": request, "url": url}
    people = people_with_duty(organization, Duty.Kind.ACCEPT_QUOTES)
    for person in people:
        post_mail("quote_stay_advice", person, request, [pdf_of(document)], name=person.full_name, **facts)
    if not people:
        post_mail(
            "quote_stay_advice", request.contact_email, request, [pdf_of(document)], name=request.contact_name, **facts
        )
