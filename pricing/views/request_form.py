"""The form of a request: whatever is known, kept while it is typed, with what it leads to beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization
from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import number_in, refusals_into, status_of
from pricing.calculation.facts import DataPoints
from pricing.calculation.proposal import Proposal, work_out
from pricing.content import offer_content, sized_on
from pricing.domain.keep_request_draft import drop_request_draft, ending_draft, keep_request_draft
from pricing.domain.record_request import NewCustomer, change_request, record_request
from pricing.forms import ContactForm, CustomerForm, DataPointsForm, initial_points
from pricing.found import find_request
from pricing.in_force import book_now
from pricing.measured import measured_beside
from pricing.models import Request, RequestDraft
from pricing.typed_requests import says_nothing_new, stored_words, words_of

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_new(request: HttpRequest) -> HttpResponse:
    """Begin a request with whatever is known."""
    reader = reader_of(request)
    require(reader, Permission.EDIT_REQUEST, Organization.objects.consultancy())
    if request.method != "POST":
        return _opened(request, None)
    customer, contact, points = CustomerForm(request.POST), ContactForm(request.POST), DataPointsForm(request.POST)
    if _are_valid(customer, contact, points):
        chosen = customer.cleaned_data["organization"]
        new = NewCustomer(customer.cleaned_data["name"], customer.cleaned_data["time_zone"])
        with refusals_into(customer), ending_draft(None, actor=reader):
            saved = record_request(chosen or new, actor=reader, contact=contact.contact(), points=points.points())
            return _saved(request, saved)
    return _refused(request, None, customer=customer, contact=contact, form=points)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Complete or correct the data points; what was typed is kept when somebody saved meanwhile."""
    found, reader = find_request(request, code), reader_of(request)
    require(reader, Permission.EDIT_REQUEST, found.engagement.organization)
    if request.method != "POST":
        return _opened(request, found)
    contact, points = ContactForm(request.POST), DataPointsForm(request.POST)
    if _are_valid(contact, points):
        with refusals_into(points), ending_draft(found, actor=reader):
            saved = change_request(
                found, actor=reader, contact=contact.contact(), points=points.points(), shown_version=_version(request)
            )
            return _saved(request, saved)
    return _refused(request, found, contact=contact, form=points)


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """Keep what was typed as a draft and say what it leads to: a region for htmx, otherwise the page as typed."""
    found = _named(request)
    draft = _keep(request, found)
    words = words_of(request.POST.dict())
    if request.headers.get("HX-Request") != "true":
        return _typed_page(request, found, words, draft)
    points = DataPointsForm(words)
    points.is_valid()
    return render(
        request, "pricing/result_live.html", {"draft": draft, **result_of(work_out(points.points(), book_now()))}
    )


@require_POST
@login_required
def discard(request: HttpRequest) -> HttpResponse:
    """Take what is stored instead of one's draft."""
    found = _named(request)
    drop_request_draft(found, actor=reader_of(request))
    messages.success(request, "Your draft is gone. What stands here is stored." if found else "Your draft is gone.")
    return redirect("pricing:request_edit", found.engagement.code) if found else redirect("pricing:request_new")


def _named(request: HttpRequest) -> Request | None:
    """The request that the form is about; None for a new one. Asks for the permission first, then for the request."""
    require(reader_of(request), Permission.EDIT_REQUEST, Organization.objects.consultancy())
    code = request.POST.get("code", "").replace("\0", "")  # the database takes no NUL
    return find_request(request, code) if code else None


def _keep(request: HttpRequest, found: Request | None) -> RequestDraft | None:
    typed = request.POST.dict()
    return keep_request_draft(found, actor=reader_of(request), typed=typed, version=_version(request))


def _are_valid(*forms: Form) -> bool:
    """Whether all are; each is asked, so that each shows its errors."""
    return not sum(not form.is_valid() for form in forms)


def _version(request: HttpRequest) -> int:
    return number_in(request.POST.get("shown_version", ""))


def _saved(request: HttpRequest, saved: Request) -> HttpResponse:
    if saved.complete_at:
        messages.success(request, "Saved. All four data points are recorded.")
    else:
        missing = ", ".join(saved.points.missing)
        messages.success(request, f"Saved. The clock has not started; still missing: {missing}.")
    return redirect("pricing:request", saved.engagement.code)


def _opened(request: HttpRequest, found: Request | None) -> HttpResponse:
    """With one's draft, if there is one; otherwise with what is stored."""
    if draft := _draft_of(found, reader_of(request)):
        return _typed_page(request, found, draft.typed, draft)
    if found is None:
        return _page(request, None, customer=CustomerForm(), contact=ContactForm(), form=DataPointsForm())
    contact = ContactForm(initial=stored_words(found))
    return _page(request, found, contact=contact, form=DataPointsForm(initial=initial_points(found)))


def _draft_of(found: Request | None, reader: User) -> RequestDraft | None:
    drafts = RequestDraft.objects.visible_to(reader).of(found, reader).select_related("request")
    return next((draft for draft in drafts if not says_nothing_new(draft.typed, found)), None)


def _typed_page(
    request: HttpRequest, found: Request | None, words: dict[str, str], draft: RequestDraft | None
) -> HttpResponse:
    """Words that are not saved. Numbers show their errors; that a name is missing is said when it is saved."""
    shown: dict[str, Any] = {"contact": ContactForm(initial=words), "form": DataPointsForm(words), "noticed": draft}
    if found is None:
        shown["customer"] = CustomerForm(initial=words)
    elif draft and draft.is_outdated:
        shown["stored"] = _stored(found)
    return _page(request, found, draft=draft, **shown)


def _refused(request: HttpRequest, found: Request | None, **forms: Form) -> HttpResponse:
    """What was typed stays, here and as a draft, beside what is stored: saving again is informed."""
    shown: dict[str, Any] = {**forms, "stored": _stored(found) if found else []}
    status = status_of(*(form for name, form in forms.items() if name != "contact"))
    return _page(request, found, status=status, draft=_keep(request, found), **shown)


def _stored(found: Request) -> list[dict[str, str]]:
    contact = f"{found.contact_name}, {found.contact_email}"
    came_from = {"term": "Where the request came from", "value": found.get_source_display()}
    return [{"term": "Contact", "value": contact}, came_from, *sized_on(found.points)]


def _page(request: HttpRequest, found: Request | None, *, status: int = 200, **shown: Any) -> HttpResponse:
    """The form with the result beside it, as far as the numbers go."""
    points: DataPointsForm = shown["form"]
    known = found.points if found else DataPoints()
    if points.is_bound:
        points.is_valid()
        known = points.points()
    beside = measured_beside(found, reader_of(request)) if found else None
    context = {"found": found, "beside": beside, **shown, **result_of(work_out(known, book_now()))}
    return render(request, "pricing/request_form.html", context, status=status)


def result_of(proposal: Proposal) -> dict[str, Any]:
    return {"proposal": proposal, "offer": offer_content(proposal, book_now()), "missing": proposal.points.missing}
