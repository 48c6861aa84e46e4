"""Invitations, the people of an organization, and one's own profile."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.forms import Form, model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.accept_invitation import accept_invitation, find_invitation, has_account, why_refused
from accounts.domain.change_membership import change_membership
from accounts.domain.change_profile import change_profile
from accounts.domain.end_membership import end_membership
from accounts.domain.invite_person import invite_person
from accounts.domain.require_manager import refuse_oneself, require_manager, why_not_oneself
from accounts.domain.withdraw_invitation import withdraw_invitation
from accounts.forms import AcceptForm, InviteForm, MembershipForm, ProfileForm, duty_code
from accounts.middleware import last_authentication
from accounts.models import Invitation, Membership, Organization, User
from accounts.permissions import Permission, allowed, require
from accounts.proof_views import (
    ask_for_proof,
    asks_for_proof,
    is_freshly_authenticated,
    lead_to_proof,
    typed_before,
    wants_proof,
)
from accounts.reader import reader_of
from accounts.sign_in import sign_in
from core.errors import DomainError
from core.middleware import came_from

_PAGE = ["GET", "HEAD", "POST"]


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(_PAGE)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what, for whoever has the link. Opening it does nothing; the answer is a POST."""
    found = find_invitation(token)
    reason = why_refused(found)
    if found is None or reason:
        status = 404 if found is None else 410
        closed = {"reason": reason, "invitation": found}
        return render(request, "accounts/invitation_closed.html", closed, status=status)
    if request.user.is_authenticated:
        return _answer_as_reader(request, found, token)
    if has_account(found):
        return render(request, "accounts/invitation.html", {"invitation": found, "has_account": True})
    return _answer_as_newcomer(request, found, token)


def _answer_as_reader(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    if request.method == "POST":
        accept_invitation(token, user=reader_of(request))
        messages.success(request, f"You belong to {found.organization} now.")
        return redirect("home")
    is_theirs = reader_of(request).email.lower() == found.email.lower()
    return render(request, "accounts/invitation.html", {"invitation": found, "is_theirs": is_theirs})


def _answer_as_newcomer(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    form = AcceptForm(request.POST or None, email=found.email, initial={"full_name": found.full_name})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        person = accept_invitation(token, full_name=typed["full_name"], password=typed["password"])
        return sign_in(request, email=person.email, password=typed["password"], to=reverse("home"))
    context = {"invitation": found, "form": form}
    return render(request, "accounts/invitation.html", context, status=422 if form.is_bound else 200)


def _find_organization(request: HttpRequest, pk: int) -> Organization:
    organization = get_object_or_404(Organization.objects.visible_to(reader_of(request)), pk=pk)
    require(reader_of(request), Permission.VIEW, organization)
    return organization


def _find_membership(request: HttpRequest, pk: int, member: int) -> Membership:
    visible = Membership.objects.visible_to(reader_of(request)).people().select_related("organization", "user")
    return get_object_or_404(visible, organization=pk, pk=member)


@require_http_methods(_PAGE)
@login_required
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Members and open invitations; for those who may, the form that invites."""
    organization, reader = _find_organization(request, pk), reader_of(request)
    form = InviteForm(request.POST or None, organization=organization, actor=reader, initial=typed_before(request))
    if request.method == "POST":
        require_manager(reader, organization)
        if wants_proof(request, form):
            return ask_for_proof(request, form)
        if form.is_valid() and _invited(form, organization, request):
            messages.success(request, f"{form.cleaned_data['email']} has mail with the link.")
            return redirect("accounts:people", pk)
    may_manage = allowed(reader, Permission.MANAGE_PEOPLE, organization)
    members, invitations = _rows_of(organization, reader)
    context = {
        "organization": organization,
        "members": members,
        "services": Membership.objects.visible_to(reader).services(organization),
        "may_manage_services": allowed(reader, Permission.MANAGE_SERVICES, organization),
        "may_set_webhooks": allowed(reader, Permission.MANAGE_WEBHOOKS, organization),
        "invitations": invitations,
        "form": form if may_manage else None,
        "is_fresh": is_freshly_authenticated(request),
        "may_export": _may(Permission.EXPORT_RECORDS, reader, organization),
    }
    return render(request, "accounts/people.html", context, status=422 if form.is_bound else 200)


def _may(permission: Permission, reader: User, organization: Organization) -> bool:
    """What concerns the records of a customer: the practice's own are nobody's customer's."""
    return organization.kind == Organization.Kind.CUSTOMER and bool(allowed(reader, permission, organization))


def _rows_of(organization: Organization, reader: User) -> tuple[QuerySet[Membership], QuerySet[Invitation]]:
    members = Membership.objects.visible_to(reader).people().filter(organization=organization)
    invitations = Invitation.objects.visible_to(reader).open().with_reach().filter(organization=organization)
    return (
        members.select_related("user").prefetch_related("duties").order_by("user__full_name", "pk"),
        invitations.select_related("invited_by").order_by("pk"),
    )


def _invited(form: InviteForm, organization: Organization, request: HttpRequest) -> bool:
    typed = form.cleaned_data
    try:
        invite_person(
            typed["email"],
            organization=organization,
            role=typed["role"],
            duties=typed["duties"],
            full_name=typed["full_name"],
            authenticated_at=last_authentication(request),
            actor=reader_of(request),
        )
    except DomainError as error:
        form.add_error(None, list(error.reasons))
    return form.is_valid()


@require_http_methods(_PAGE)
@login_required
def membership(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Another role, other duties."""
    found, reader = _find_membership(request, pk, member), reader_of(request)
    require_manager(reader, found.organization, found.role)
    form = _change_form(request, found)
    if request.method == "POST":
        refuse_oneself(reader, found)
    if wants_proof(request, form):
        return ask_for_proof(request, form)
    if form.is_bound and form.is_valid():
        proved = last_authentication(request)
        changed = change_membership(found, authenticated_at=proved, actor=reader, **form.cleaned_data)
        messages.success(request, f"{changed.user} is {changed.get_role_display().lower()} at {changed.organization}.")
        return redirect("accounts:people", pk)
    context = {
        "membership": found,
        "organization": found.organization,
        "form": form,
        "why_not": why_not_oneself(reader, found),
        "is_fresh": is_freshly_authenticated(request),
        "may_erase": _may(Permission.ERASE_RECORDS, reader, found.organization),
    }
    return render(request, "accounts/membership.html", context, status=422 if form.is_bound else 200)


def _change_form(request: HttpRequest, found: Membership) -> MembershipForm:
    held = [duty_code(duty.kind, duty.phase) for duty in found.duties.all()]
    return MembershipForm(
        request.POST or None,
        organization=found.organization,
        actor=reader_of(request),
        held=held,
        initial={"role": found.role, "duties": held, **typed_before(request)},
    )


@require_http_methods(_PAGE)
@login_required
def membership_end(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Says what follows, then ends it."""
    found, reader = _find_membership(request, pk, member), reader_of(request)
    require_manager(reader, found.organization, found.role)
    if request.method == "POST":
        if asks_for_proof(request) or not is_freshly_authenticated(request):
            return lead_to_proof(request, request.path)
        end_membership(found, authenticated_at=last_authentication(request), actor=reader)
        messages.success(request, f"{found.user} no longer belongs to {found.organization}.")
        return redirect("home" if found.user == reader else reverse("accounts:people", args=[pk]))
    context = {
        "membership": found,
        "organization": found.organization,
        "form": Form(initial=typed_before(request)),  # of one button: it says that its reader comes from a proof
        "is_fresh": is_freshly_authenticated(request),
    }
    return render(request, "accounts/membership_end.html", context)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    visible = Invitation.objects.visible_to(reader_of(request)).select_related("organization")
    found = get_object_or_404(visible, organization=pk, pk=number)
    withdraw_invitation(found, actor=reader_of(request))
    messages.success(request, f"The link that was mailed to {found.email} no longer works.")
    return redirect("accounts:people", pk)


@require_http_methods(_PAGE)
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name, title, zone, theme, shortcuts; the rest of the account is a link away."""
    reader = reader_of(request)
    form = ProfileForm(request.POST or None, initial=model_to_dict(reader, fields=ProfileForm.Meta.fields))
    if request.method == "POST" and form.is_valid():
        change_profile(reader, changes=form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    memberships = Membership.objects.visible_to(reader).filter(user=reader).select_related("organization")
    context = {"form": form, "memberships": memberships.order_by("organization__name")}
    return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    """The switch of a page with single-letter keys: the setting of the profile, from where one needs it."""
    wanted = request.POST.get("has_shortcuts", "")
    if wanted not in {"on", "off"}:
        return HttpResponseBadRequest("Single-letter keys are on or off.", content_type="text/plain")
    change_profile(reader_of(request), changes={"has_shortcuts": wanted == "on"})
    return redirect(came_from(request))
