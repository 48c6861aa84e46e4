"""Who may. One table of roles, one of duties, one question: `allowed(user, permission, organization)`.

`organization` is always the customer the subject belongs to (or the consultancy for the practice's own affairs).
A consultancy role holds for every customer; which engagements a consultant sees at all is `visible_to()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, TextChoices

from accounts.models import Duty, Membership, Organization
from core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from accounts.models import User


class Permission(TextChoices):
    """An act, in the words that a refusal uses: "You may not {label}."."""

    VIEW = "view", "read this"
    ASK = "ask", "ask questions here"
    EDIT_REQUEST = "edit_request", "record requests"
    PAUSE_CLOCK = "pause_clock", "pause the clock of a quote"
    REASSIGN_REQUEST = "reassign_request", "give a request to somebody else"
    SEND_QUOTE = "send_quote", "send quotes"
    VIEW_QUOTE = "view_quote", "read quotes"
    ACCEPT_QUOTE = "accept_quote", "accept or decline quotes"
    SIGN_NDA = "sign_nda", "sign the NDA"
    OVERRIDE_TIER = "override_tier", "override a tier"
    REDATE_QUOTE = "redate_quote", "give an expired quote a new date"
    VOID_QUOTE = "void_quote", "declare an acceptance void"
    UPLOAD = "upload", "upload configurations"
    VIEW_EVIDENCE = "view_evidence", "read the discovery evidence"
    REVIEW = "review", "review findings"
    ORDER_ROLLBACK = "order_rollback", "order a rollback"
    EDIT_DICTIONARY = "edit_dictionary", "override the dictionary"
    WORK_TASK = "work_task", "work on the consultancy's tasks"
    ANSWER_TASK = "answer_task", "answer the customer's tasks"
    APPROVE_RUNBOOK = "approve_runbook", "approve runbooks"
    TAKE_HANDOFF = "take_handoff", "take the handoff pack"
    NOTE_KEYS = "note_keys", "record keys of a tracker"
    DECIDE_GAP = "decide_gap", "decide what becomes of a gap"
    FREEZE = "freeze", "freeze documents and ask for signatures"
    SIGN = "sign", "sign"
    REQUEST_CHANGES = "request_changes", "request changes"
    OVERRIDE_CHECK = "override_check", "override a system check"
    ADVISE_STAY = "advise_stay", "advise to stay on Postfix"
    CLOSE = "close", "cancel or hold the engagement"
    STAFF = "staff", "set the team of an engagement"
    MANAGE_PEOPLE = "manage_people", "invite people and give duties"
    MANAGE_SERVICES = "manage_services", "make and end service users"
    MANAGE_WEBHOOKS = "manage_webhooks", "set where other systems are told"
    EXPORT_RECORDS = "export_records", "take out everything that is kept about the customer"
    ERASE_RECORDS = "erase_records", "erase what is kept, or set a legal hold on it"
    NOTE_DAYS = "note_days", "note the days that the practice spent"
    VIEW_PORTFOLIO = "view_portfolio", "read the figures of the practice"
    MANAGE_PRACTICE = "manage_practice", "change the practice's settings"


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, or no with the reason in words. True in a boolean context when it is yes."""

    is_yes: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.is_yes


YES = Answer(is_yes=True)

# What either side has that works on an engagement; a refusal gives the reason of the first.
EITHER_SIDE = (Permission.WORK_TASK, Permission.ANSWER_TASK)

_P = Permission
_READERS = frozenset({_P.VIEW, _P.ASK})
_CONSULTANT = _READERS | {
    _P.VIEW_EVIDENCE,
    _P.VIEW_QUOTE,
    _P.UPLOAD,
    _P.REVIEW,
    _P.NOTE_KEYS,
    _P.EDIT_DICTIONARY,
    _P.WORK_TASK,
    _P.FREEZE,
    _P.ADVISE_STAY,
    _P.ORDER_ROLLBACK,
    _P.TAKE_HANDOFF,
}
_SALES = _READERS | {
    _P.STAFF,
    _P.ADVISE_STAY,
    _P.EDIT_REQUEST,
    _P.PAUSE_CLOCK,
    _P.REASSIGN_REQUEST,
    _P.SEND_QUOTE,
    _P.VIEW_QUOTE,
    _P.SIGN_NDA,
    _P.MANAGE_PEOPLE,
}
_LEAD = _CONSULTANT | {
    _P.STAFF,
    _P.OVERRIDE_CHECK,
    _P.CLOSE,
    _P.OVERRIDE_TIER,
    _P.REDATE_QUOTE,
    _P.MANAGE_PEOPLE,
    _P.APPROVE_RUNBOOK,
    _P.NOTE_DAYS,
    _P.VIEW_PORTFOLIO,
}
_CONTRIBUTOR = _READERS | {_P.UPLOAD, _P.VIEW_EVIDENCE, _P.ANSWER_TASK, _P.DECIDE_GAP, _P.NOTE_KEYS}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    "owner": _LEAD
    | _SALES
    | {_P.MANAGE_PRACTICE, _P.MANAGE_SERVICES, _P.MANAGE_WEBHOOKS}
    | {_P.VOID_QUOTE, _P.EXPORT_RECORDS, _P.ERASE_RECORDS},
    "lead": _LEAD | _SALES,
    "consultant": _CONSULTANT,
    "sales": _SALES,
    "signatory": _CONTRIBUTOR
    | {_P.VIEW_QUOTE, _P.REQUEST_CHANGES, _P.MANAGE_PEOPLE, _P.APPROVE_RUNBOOK}
    | {_P.TAKE_HANDOFF, _P.EXPORT_RECORDS, _P.MANAGE_SERVICES, _P.MANAGE_WEBHOOKS},
    "finance": _READERS | {_P.VIEW_QUOTE, _P.REQUEST_CHANGES},
    "contributor": _CONTRIBUTOR,
    "viewer": _READERS | {_P.VIEW_EVIDENCE},
}

# What only a named duty gives, whatever the role.
DUTY_PERMISSIONS: dict[Permission, str] = {
    _P.SIGN: Duty.Kind.SIGN_PHASE,
    _P.ACCEPT_QUOTE: Duty.Kind.ACCEPT_QUOTES,
}

# What any of these duties gives, beside the roles that give it.
ALSO_BY_DUTY: dict[Permission, frozenset[str]] = {
    _P.SIGN_NDA: frozenset({Duty.Kind.SIGN_PHASE, Duty.Kind.ACCEPT_QUOTES}),
    _P.ORDER_ROLLBACK: frozenset({Duty.Kind.ORDER_ROLLBACK}),
}


# What binds somebody, costs money, undoes a cutover or says who may: a service user does none of it, whatever its role.
FOR_PEOPLE = (
    frozenset({_P.SIGN, _P.SIGN_NDA, _P.REQUEST_CHANGES, _P.APPROVE_RUNBOOK, _P.TAKE_HANDOFF, _P.OVERRIDE_CHECK})
    | {_P.ADVISE_STAY, _P.DECIDE_GAP}
    | {_P.SEND_QUOTE, _P.ACCEPT_QUOTE, _P.OVERRIDE_TIER, _P.REDATE_QUOTE, _P.VOID_QUOTE}
    | {_P.ORDER_ROLLBACK, _P.CLOSE, _P.STAFF, _P.MANAGE_PEOPLE, _P.MANAGE_SERVICES, _P.MANAGE_PRACTICE}
    | {_P.MANAGE_WEBHOOKS, _P.EXPORT_RECORDS, _P.ERASE_RECORDS}
)


def membership_for(user: User | AnonymousUser, organization: Organization) -> Membership | None:
    """The membership that speaks for this user towards this organization: their own there, or the consultancy's."""
    if not user.is_authenticated:
        return None
    own = (one for one in _memberships(user) if one.organization_id == organization.pk)
    of_the_practice = (one for one in _memberships(user) if one.organization_kind == "consultancy")
    return next(own, None) or next(of_the_practice, None)


def _memberships(user: User) -> list[Membership]:
    """The user's memberships with duties, read once a request (the user object lives as long as the request)."""
    cached: list[Membership] | None = getattr(user, "_memberships", None)
    if cached is None:
        cached = list(user.memberships.select_related("organization").prefetch_related("duties").order_by("pk"))
        user._memberships = cached  # type: ignore[attr-defined]  # noqa: SLF001 (a cache for the length of the request)
    return cached


def consultancy_role(user: User | AnonymousUser) -> str:
    """The role inside the consultancy, or an empty string for customers and strangers."""
    if not user.is_authenticated:
        return ""
    return next((m.role for m in _memberships(user) if m.organization_kind == "consultancy"), "")


def is_staff(user: User | AnonymousUser) -> bool:
    return bool(consultancy_role(user))


def allowed(
    user: User | AnonymousUser, permission: Permission, organization: Organization, *, phase: int | None = None
) -> Answer:
    """May this person do this for this organization? `phase` narrows SIGN to one gate."""
    membership = membership_for(user, organization)
    if membership is None:
        return Answer(is_yes=False, reason=f"You do not belong to {organization}.")
    if permission in withheld(user):
        return Answer(is_yes=False, reason=_why_no_program(user, permission.label))
    if duty := DUTY_PERMISSIONS.get(permission):
        return _allowed_by_duty(membership, duty, permission, phase)
    if _gives(membership, permission):
        return YES
    role = membership.get_role_display().lower()
    reason = f"Your role at {membership.organization} is {role}: you may not {permission.label}."
    return Answer(is_yes=False, reason=reason)


def withheld(user: User | AnonymousUser) -> frozenset[Permission]:
    return FOR_PEOPLE if user.is_authenticated and user.is_service else frozenset()


def _why_no_program(user: User | AnonymousUser, act: str) -> str:
    return f"You may not {act}: {user} is a service user, not a person."


def require_person(user: User, act: str) -> None:
    """Raise Refused for a service user: the permission is for programs too, this one act under it is not."""
    if user.is_service:
        raise Refused(_why_no_program(user, act))


def _has_duty(membership: Membership, kinds: Iterable[str] | None) -> bool:
    return kinds is not None and any(given.kind in kinds for given in membership.duties.all())


def _allowed_by_duty(membership: Membership, duty: str, permission: Permission, phase: int | None) -> Answer:
    for given in membership.duties.all():
        if given.kind == duty and phase in (None, given.phase):
            return YES
    which = f"{permission.label} phase {phase}" if phase else permission.label
    return Answer(is_yes=False, reason=f"You may not {which}: {membership.organization} has not given you that duty.")


def organizations_of(user: User) -> list[int]:
    """The keys of the organizations this person belongs to."""
    return [one.organization_id for one in _memberships(user)]


def may_anywhere(user: User, *permissions: Permission) -> bool:
    """Whether `allowed()` says yes to any of these for some organization."""
    asked = set(permissions) - withheld(user)
    return any(_gives(one, each) for one in _memberships(user) for each in asked)


def organizations_where(user: User, *permissions: Permission) -> QuerySet[Organization]:
    """Those in which `allowed()` says yes to any of these. Which of them somebody sees at all is `visible_to()`."""
    memberships, asked = _memberships(user), set(permissions) - withheld(user)
    given = {one.organization_id for one in memberships if any(_gives(one, each) for each in asked)}
    if any(one.organization_kind == "consultancy" and one.organization_id in given for one in memberships):
        return Organization.objects.exclude(pk__in={one.organization_id for one in memberships} - given)
    return Organization.objects.filter(pk__in=given)


def _gives(membership: Membership, permission: Permission) -> bool:
    if duty := DUTY_PERMISSIONS.get(permission):
        return bool(_allowed_by_duty(membership, duty, permission, None))
    has_role = permission in ROLE_PERMISSIONS[membership.role]
    return has_role or _has_duty(membership, ALSO_BY_DUTY.get(permission))


def require(user: User, permission: Permission, organization: Organization, *, phase: int | None = None) -> None:
    """Raise Refused with the reason when the answer is no."""
    answer = allowed(user, permission, organization, phase=phase)
    if not answer:
        raise Refused(answer.reason)


def allowed_any(user: User, permissions: Iterable[Permission], organization: Organization) -> bool:
    return any(allowed(user, permission, organization) for permission in permissions)


def require_any(user: User, permissions: Sequence[Permission], organization: Organization) -> None:
    """Raise Refused, with the reason of the first, when the answer is no for all of them."""
    if not allowed_any(user, permissions, organization):
        require(user, permissions[0], organization)


def people_with_duty(organization: Organization, kind: str, phase: int | None = None) -> list[User]:
    """Everybody of the organization who carries the duty, by name: a refusal names them."""
    given = {"kind": kind, "phase": phase, "membership__user__is_active": True}
    duties = Duty.objects.filter(membership__organization=organization, **given)
    by_name = duties.select_related("membership__user").order_by("membership__user__full_name")
    return [duty.membership.user for duty in by_name]


def who_gave(person: User, kind: str, organization: Organization, *, phase: int | None = None) -> str:
    """Who gave this person the duty, with their side; empty where nothing of it was kept."""
    duties = Duty.objects.filter(membership__user=person, membership__organization=organization, kind=kind, phase=phase)
    return duties.values_list("given_by_label", flat=True).first() or ""


def people_who_may(organization: Organization, permission: Permission) -> list[User]:
    """Everybody of the organization to whom their role, or a duty beside it, gives the permission, by name."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    with_duty = Duty.objects.filter(kind__in=ALSO_BY_DUTY.get(permission, ())).values("membership")
    given = Q(role__in=roles) | Q(pk__in=with_duty)
    members = Membership.objects.working().filter(given, organization=organization).select_related("user")
    return [member.user for member in members.order_by("user__full_name")]
