from collections.abc import Iterable

from django.conf import settings
from django.db.models import Model
from django.urls import reverse

from accounts.domain.give_membership import DutyGrant, is_of, label_of_giver
from accounts.models import Duty, Organization, User
from core import outbox

# Duties that bind the organization: its people are told when the consultancy gives one of them.
BINDING = (Duty.Kind.SIGN_PHASE, Duty.Kind.ACCEPT_QUOTES)


def tell_of_duties(
    person: str, duties: Iterable[DutyGrant], *, organization: Organization, reference: Model, actor: User
) -> None:
    """Mail a customer's own signatories when somebody of the consultancy gives a duty that binds the customer.

    `person` is who gets it, in words. Nobody is told of what the customer's own people do, and nobody is there to tell
    while the consultancy invites the first of them.
    """
    given = [Duty(kind=kind, phase=phase) for kind, phase in duties if kind in BINDING]
    if not given or organization.kind != Organization.Kind.CUSTOMER or is_of(actor, organization):
        return
    context = {
        "giver": label_of_giver(actor, organization),
        "given_to": person,
        "duties": [str(duty) for duty in given],
        "organization": organization,
        "url": f"{settings.PORTAL_URL}{reverse('accounts:people', args=[organization.pk])}",
        "why": f"You sign for {organization}.",
    }
    for reader in _signatories(organization):
        if person == reader.full_label:
            continue
        subject, text, html = outbox.render_mail("duty_given", {"person": reader, **context})
        outbox.post("duty_given", to=reader, subject=subject, text=text, html=html, reference=reference)


def _signatories(organization: Organization) -> list[User]:
    holding = User.objects.filter(
        memberships__organization=organization, memberships__duties__kind__in=BINDING, is_active=True
    )
    return list(holding.distinct().order_by("full_name", "pk"))
