from accounts.models import Duty, Membership, Organization, User
from accounts.permissions import people_with_duty
from core.errors import DomainError
from pricing.domain.announce import announce_quote
from pricing.domain.offer_seat import Addressee, is_member, may_answer, offer_seat
from pricing.links import token_digest
from pricing.models import Quote, QuoteContact

_Origin = QuoteContact.Origin


def addressees(quote: Quote) -> list[Addressee]:
    """Whom a quote goes to: who may accept it, the contact of its request, whom it was forwarded to before."""
    organization, request = quote.engagement.organization, quote.engagement.request
    people = people_with_duty(organization, Duty.Kind.ACCEPT_QUOTES)
    found = [Addressee(person.email.lower(), person.full_name, _Origin.DUTY) for person in people]
    found.append(Addressee(request.contact_email.lower(), request.contact_name, _Origin.REQUEST))
    found += _forwarded_before(quote, organization)
    return list({one.email: one for one in reversed(found)}.values())[::-1]


def sent_to(found: list[Addressee]) -> str:
    """The addresses in one line, as the quote keeps them."""
    return ", ".join(one.email for one in found)[:400]


def refuse_unless_answerable(quote: Quote) -> None:
    """Raise DomainError when nobody whom it goes to could accept it."""
    organization, request = quote.engagement.organization, quote.engagement.request
    if not people_with_duty(organization, Duty.Kind.ACCEPT_QUOTES) and is_member(request.contact_email, organization):
        raise DomainError(
            f"Nobody at {organization} may accept quotes yet. "
            f"Give {request.contact_name}, or somebody else there, that duty first."
        )


def _forwarded_before(quote: Quote, organization: Organization) -> list[Addressee]:
    """Colleagues who were let in at an earlier revision and have not taken their seat yet."""
    earlier = QuoteContact.objects.filter(quote__number=quote.number, origin=_Origin.FORWARD).exclude(quote_id=quote.pk)
    return [
        Addressee(one.email, one.full_name, _Origin.FORWARD) for one in earlier if may_answer(one.email, organization)
    ]


def add_contacts(quote: Quote, found: list[Addressee], *, actor: User) -> None:
    """A row, a link and a mail for each. Part of the transaction that sends the quote.

    Where nobody may accept yet, the contact of the request gets a seat with the duty.
    """
    organization = quote.engagement.organization
    if quote.valid_until and not people_with_duty(organization, Duty.Kind.ACCEPT_QUOTES):
        contact = next(one for one in found if one.origin == _Origin.REQUEST)
        offer_seat(organization, contact, role=Membership.Role.SIGNATORY, open_until=quote.valid_until, actor=actor)
    for one in found:
        announce_quote(add_contact(quote, one, actor=actor))


def add_contact(quote: Quote, addressee: Addressee, *, actor: User) -> QuoteContact:
    """A row with a fresh link. Part of a larger act, which asks for the permission and sends the mail."""
    contact = QuoteContact(
        quote=quote,
        email=addressee.email,
        full_name=addressee.full_name,
        origin=addressee.origin,
        added_by=actor,
    )
    contact.token_digest = token_digest(contact.token)
    contact.save(force_insert=True)
    return contact
