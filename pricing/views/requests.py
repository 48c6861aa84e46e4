"""Sales' side: the pipeline, a request and its data points, the advice to stay."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organization
from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.forms import number_in, refusals_into, status_of
from engagements.models import Engagement
from pricing.calculation.facts import DataPoints
from pricing.calculation.proposal import Proposal, work_out
from pricing.clocks import clock_of
from pricing.content import offer_content, sized_on
from pricing.corrections import corrections_of
from pricing.domain.advise_stay import advise_stay, refund_due
from pricing.domain.draft_quote import draft_quote
from pricing.domain.record_request import NewCustomer, change_request, record_request
from pricing.forms import ContactForm, CustomerForm, DataPointsForm, ReasonForm, initial_points
from pricing.in_force import book_now
from pricing.measured import measured_beside
from pricing.models import ClockNotice, Quote, Request
from pricing.streams import weighed_for
from pricing.views.found import find_request
from pricing.website import website_beside


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_new(request: HttpRequest) -> HttpResponse:
    """Begin a request with whatever is known."""
    reader = reader_of(request)
    require(reader, Permission.EDIT_REQUEST, Organization.objects.consultancy())
    typed = request.POST if request.method == "POST" else None
    customer, contact, points = CustomerForm(typed), ContactForm(typed), DataPointsForm(typed)
    if typed is not None and _are_valid(customer, contact, points):
        chosen = customer.cleaned_data["organization"]
        new = NewCustomer(customer.cleaned_data["name"], customer.cleaned_data["time_zone"])
        with refusals_into(customer):
            saved = record_request(chosen or new, actor=reader, contact=contact.contact(), points=points.points())
            return _saved(request, saved)
    return _form_page(request, points, customer=customer, contact=contact)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Complete or correct the data points; what was typed is kept when somebody saved meanwhile."""
    found = find_request(request, code)
    require(reader_of(request), Permission.EDIT_REQUEST, found.engagement.organization)
    typed = request.POST if request.method == "POST" else None
    initial = {"contact_name": found.contact_name, "contact_email": found.contact_email, "source": found.source}
    contact = ContactForm(typed, initial=initial)
    points = DataPointsForm(typed, initial=initial_points(found))
    version = found.version if typed is None else _version(request)
    if typed is not None and _are_valid(contact, points):
        with refusals_into(points):
            saved = change_request(
                found,
                actor=reader_of(request),
                contact=contact.contact(),
                points=points.points(),
                shown_version=version,
            )
            return _saved(request, saved)
        version = found.version  # what is stored now stands beside what was typed, so saving again is informed
    return _form_page(request, points, contact=contact, found=found, shown_version=version)


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


def _form_page(request: HttpRequest, points: DataPointsForm, **more: Any) -> HttpResponse:
    """The form with the result beside it, as far as the numbers go."""
    found: Request | None = more.get("found")
    if points.is_bound:
        points.is_valid()
        known = points.points()
    else:
        known = found.points if found else DataPoints()
    stored = sized_on(found.points) if found and points.is_bound else []
    beside = measured_beside(found, reader_of(request)) if found else None
    context = {"form": points, "stored": stored, "beside": beside, **more, **_result(work_out(known, book_now()))}
    status = status_of(*(form for form in (points, more.get("customer")) if form))
    return render(request, "pricing/request_form.html", context, status=status)


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """What the typed data points lead to; saves nothing. A region for htmx, otherwise the page as it was typed."""
    reader = reader_of(request)
    require(reader, Permission.EDIT_REQUEST, Organization.objects.consultancy())
    points = DataPointsForm(request.POST)
    points.is_valid()
    context = _result(work_out(points.points(), book_now()))
    if request.headers.get("HX-Request") == "true":
        return render(request, "pricing/result_live.html", context)
    code = request.POST.get("code", "").replace("\0", "")  # the database takes no NUL
    found = find_request(request, code) if code else None
    kept = request.POST.dict()
    forms = {
        "contact": ContactForm(initial=kept),
        "customer": None if found else CustomerForm(initial=kept),
        "shown_version": _version(request),
        "beside": measured_beside(found, reader) if found else None,
    }
    return render(request, "pricing/request_form.html", {"form": points, "found": found, **forms, **context})


def _result(proposal: Proposal) -> dict[str, Any]:
    return {"proposal": proposal, "offer": offer_content(proposal, book_now()), "missing": proposal.points.missing}


@require_safe
@login_required
def request_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One request: the clock, the data points, what they lead to, and its quotes."""
    found = find_request(request, code)
    organization, reader = found.engagement.organization, reader_of(request)
    require(reader, Permission.VIEW_QUOTE, organization)
    proposal = work_out(found.points, book_now())
    quotes = list(Quote.objects.visible_to(reader).filter(engagement=found.engagement).defer("snapshot"))
    context = {
        "found": found,
        "engagement": found.engagement,
        "sized": sized_on(found.points),
        "beside": measured_beside(found, reader),
        "quotes": quotes,
        "weighed": weighed_for(found.engagement, reader),
        "may_size": bool(allowed(reader, Permission.EDIT_REQUEST, organization)),
        "live": next((quote for quote in quotes if quote.state in {"draft", "sent", "accepted"}), None),
        "is_intake": found.engagement.phase == Engagement.Phase.INTAKE,
        **website_beside(found, reader),
        "corrections": corrections_of(found),
        "reading": clock_of(found),
        "breach": found.clock_notices.filter(kind=ClockNotice.Kind.BREACH).first(),
        "may_reassign": bool(allowed(reader, Permission.REASSIGN_REQUEST, organization)),
        "may_edit": bool(allowed(reader, Permission.EDIT_REQUEST, organization)),
        "may_send": bool(allowed(reader, Permission.SEND_QUOTE, organization)),
        "may_advise": bool(allowed(reader, Permission.ADVISE_STAY, organization)),
        **_result(proposal),
    }
    return render(request, "pricing/request.html", context)


@require_POST
@login_required
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """Make the draft, or bring it up to date with the data points."""
    quote = draft_quote(find_request(request, code), actor=reader_of(request))
    return redirect("pricing:quote", quote.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def stay(request: HttpRequest, code: str) -> HttpResponse:
    """Review the advice to stay, give the reason, send it."""
    found = find_request(request, code)
    require(reader_of(request), Permission.ADVISE_STAY, found.engagement.organization)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            advise_stay(found, actor=reader_of(request), note=form.cleaned_data["reason"])
            messages.success(request, f"{found.engagement.organization} is advised to stay on Postfix.")
            return redirect("pricing:request", code)
    context = {
        "found": found,
        "form": form,
        "refund": refund_due(found.engagement),
        "sized": sized_on(found.points),
        **_result(work_out(found.points, book_now())),
    }
    return render(request, "pricing/stay.html", context, status=status_of(form))
