from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.domain.give_membership import DutyGrant, refuse_foreign_role, replace_duties
from accounts.domain.require_manager import refuse_oneself, require_manager
from accounts.domain.tell_of_duties import tell_of_duties
from accounts.fresh_proof import refuse_unproved
from accounts.models import Duty, Membership, Organization, User
from core.audit import record
from core.errors import Conflict

SAYS_WHO_ACTS = "a membership says who acts and signs for an organization. Nothing was changed."


@transaction.atomic
def change_membership(
    membership: Membership,
    *,
    role: str,
    duties: Iterable[DutyGrant] = (),
    authenticated_at: datetime | None,
    actor: User,
) -> Membership:
    """Give a member another role and exactly these duties. Changing nothing leaves no trace.

    Raises Refused for one's own membership: somebody else names what one answers for. Raises Conflict when it would
    take the last owner's role, or a signature that a document is waiting for.
    """
    membership, granted = lock_membership(membership), sorted(set(duties), key=str)
    organization, before = membership.organization, _in_words(membership)
    refuse_foreign_role(organization, role, granted)
    require_manager(actor, organization, membership.role, role)
    refuse_unproved(authenticated_at, SAYS_WHO_ACTS)
    if role != Membership.Role.OWNER:
        refuse_losing_the_last_owner(membership)
    refuse_losing_a_signature(membership, keeping={phase for kind, phase in granted if kind == Duty.Kind.SIGN_PHASE})
    refuse_oneself(actor, membership)
    membership.role = role
    membership.save(update_fields=["role"])
    _give_duties(membership, granted, actor)
    if (after := _in_words(membership)) != before:
        facts = {"member": membership.user.full_label, "organization": organization.name}
        record("membership.changed", subject=membership, actor=actor, **facts, before=before, after=after)
    return membership


def _give_duties(membership: Membership, granted: list[DutyGrant], actor: User) -> None:
    before = set(membership.duties.values_list("kind", "phase"))
    replace_duties(membership, granted, giver=actor)
    fresh, person = [duty for duty in granted if duty not in before], membership.user.full_label
    tell_of_duties(person, fresh, organization=membership.organization, reference=membership, actor=actor)


def lock_membership(membership: Membership) -> Membership:
    """The row as it is now, with the organization locked: whoever changes its people waits for their turn.

    Raises Conflict when the membership was ended meanwhile.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=membership.organization_id)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("organization", "user")
    current = rows.filter(pk=membership.pk).first()
    if current is None:
        raise Conflict(f"{membership.user} does not belong to {membership.organization} any more.")
    return current


def refuse_losing_the_last_owner(membership: Membership) -> None:
    if membership.role != Membership.Role.OWNER:
        return
    others = Membership.objects.filter(organization_id=membership.organization_id, role=Membership.Role.OWNER)
    if not others.exclude(pk=membership.pk).filter(user__is_active=True).exists():
        raise Conflict(
            f"{membership.user} is the only owner of {membership.organization}. Make somebody else an owner first."
        )


def refuse_losing_a_signature(membership: Membership, *, keeping: set[int | None]) -> None:
    """Raise Conflict when a document of this organization waits for this person and the duty to sign it would go.

    Asked by the relation that the spine gives to people, because engagements stands above accounts.
    """
    awaited = (
        membership.user.required_signatures.filter(
            gate__engagement__organization_id=membership.organization_id,
            gate__state="submitted",
            document=F("gate__current_document"),
        )
        .exclude(document__signoffs__signed_by=membership.user)
        .exclude(gate__number__in=keeping)
        .select_related("document", "gate")
    )
    if waiting := awaited.order_by("gate__number").first():
        raise Conflict(
            f"“{waiting.document}” waits for the signature of {membership.user} on phase {waiting.gate.number}."
            " Before you take this duty away, let them sign it; or give it to somebody else as well, who can request"
            " changes on the document or have it handed over."
        )


def _in_words(membership: Membership) -> str:
    duties = ", ".join(sorted(str(duty) for duty in Duty.objects.filter(membership=membership)))
    return f"{membership.get_role_display()} ({duties})" if duties else membership.get_role_display()
