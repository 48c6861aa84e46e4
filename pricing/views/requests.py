"""Sales' side: a request and what it leads to, its quote, the advice to stay."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organization, User
from accounts.permissions import Permission, allowed, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from core.models import Job
from engagements.models import Engagement
from engagements.steps import OVER
from pricing.calculation.proposal import work_out
from pricing.clocks import clock_of
from pricing.content import sized_on
from pricing.corrections import corrections_of
from pricing.domain.advise_stay import refund_due, request_advice
from pricing.domain.draft_quote import draft_quote
from pricing.forms import ReasonForm
from pricing.found import find_request
from pricing.in_force import book_now
from pricing.measured import measured_beside
from pricing.models import ClockNotice, Quote, Request
from pricing.papers import ADVISE_STAY, PaperRegion, latest_paper, paper_region
from pricing.streams import weighed_for
from pricing.views.request_form import result_of
from pricing.website import website_beside


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
        "live": next((quote for quote in quotes if quote.state in {"draft", "sent", "accepted"}), None),
        "paper": _paper(request, found),
        "is_intake": found.engagement.phase == Engagement.Phase.INTAKE,
        **website_beside(found, reader),
        "corrections": corrections_of(found),
        "reading": clock_of(found),
        "breach": found.clock_notices.filter(kind=ClockNotice.Kind.BREACH).first(),
        **_may(reader, organization),
        **result_of(proposal),
    }
    return render(request, "pricing/request.html", context)


def _paper(request: HttpRequest, found: Request) -> PaperRegion | None:
    page = reverse("pricing:request", args=[found.engagement.code])
    done = f"{found.engagement.organization} is advised to stay on Postfix."
    job = latest_paper(found, ADVISE_STAY)
    is_over = job is not None and _has_gone_on(found, job)
    return paper_region(request, job, page=page, done=done, done_url=page, is_over=is_over)


def _has_gone_on(found: Request, job: Job) -> bool:
    """Whether a quote was sent, or the engagement ended, after the advice was asked for."""
    return found.engagement.phase in OVER or found.engagement.quotes.filter(sent_at__gt=job.created_at).exists()


def _may(reader: User, organization: Organization) -> dict[str, bool]:
    """Which acts the page offers."""
    acts = {
        "may_size": Permission.EDIT_REQUEST,
        "may_reassign": Permission.REASSIGN_REQUEST,
        "may_edit": Permission.EDIT_REQUEST,
        "may_send": Permission.SEND_QUOTE,
        "may_advise": Permission.ADVISE_STAY,
    }
    return {name: bool(allowed(reader, permission, organization)) for name, permission in acts.items()}


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
            request_advice(found, actor=reader_of(request), note=form.cleaned_data["reason"])
            messages.success(request, "The PDF of the advice is being made. It is sent when it is there.")
            return redirect("pricing:request", code)
    context = {
        "found": found,
        "form": form,
        "refund": refund_due(found.engagement),
        "sized": sized_on(found.points),
        **result_of(work_out(found.points, book_now())),
    }
    return render(request, "pricing/stay.html", context, status=status_of(form))
