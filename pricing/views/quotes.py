"""The quote itself: read by both sides, sent, revised and withdrawn by sales."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import last_authentication
from accounts.models import Duty, User
from accounts.permissions import Permission, allowed, is_staff, people_with_duty, require
from accounts.proof_views import ask_for_proof, is_freshly_authenticated, typed_before, wants_proof
from accounts.reader import reader_of
from core.errors import Conflict
from core.forms import refusals_into, status_of
from engagements.found import find_engagement
from engagements.models import FrozenDocument
from pricing.approvals import waiting_in
from pricing.beyond import beyond_the_rules
from pricing.calculation.proposal import PLAN_ONLY
from pricing.clocks import clock_of, request_behind
from pricing.consent import consent_to
from pricing.content import valid_until_text
from pricing.domain.accept_quote import why_closed
from pricing.domain.add_contacts import addressees
from pricing.domain.revise_quote import revise_quote, withdraw_quote
from pricing.domain.send_quote import draft_digest, request_sending
from pricing.forms import AcceptForm, ReasonForm, SendForm
from pricing.found import find_quote
from pricing.given_terms import is_behind
from pricing.measured import Beside, measured_beside
from pricing.models import Quote
from pricing.papers import REDATE_QUOTE, SEND_QUOTE, PaperRegion, latest_paper, paper_region, unfinished_paper
from pricing.revisions import changes_in
from pricing.streams import weighed_for
from pricing.term_forms import ApproveForm
from pricing.tracking import contacts_of

# In which states a quote still waits for a paper of a kind.
_WAITING_FOR = {SEND_QUOTE: {Quote.State.DRAFT}, REDATE_QUOTE: {Quote.State.SENT, Quote.State.EXPIRED}}


@require_safe
@login_required
def quote_detail(request: HttpRequest, reference: str) -> HttpResponse:
    return show_quote(request, find_quote(request, reference))


def show_quote(request: HttpRequest, quote: Quote, form: AcceptForm | None = None) -> HttpResponse:
    """The page of a quote in whatever state it is, with the answers this reader may give."""
    reader, organization = reader_of(request), quote.engagement.organization
    answer, typed = allowed(reader, Permission.ACCEPT_QUOTE, organization), typed_before(request)
    if form is None and quote.is_open and answer:
        form = AcceptForm(consent=consent_to(quote).text, initial={**typed, "shown_digest": _digest(quote)})
    context = {
        **_facts(quote),
        "form": form,
        "approve_form": ApproveForm(initial=typed),
        "is_fresh": is_freshly_authenticated(request),
        "may_answer": bool(answer),
        "ended": why_closed(quote) if quote.is_open else "",
        "refusal": answer.reason,
        "acceptors": people_with_duty(organization, Duty.Kind.ACCEPT_QUOTES) if quote.is_open and not answer else [],
        "is_staff": is_staff(reader),
        "contacts": contacts_of(quote) if is_staff(reader) else [],
        "beside": _beside(quote, reader),
        "paper": _paper(request, quote) if is_staff(reader) else None,
        "weighed": weighed_for(quote.engagement, reader),
        "beyond": beyond_the_rules(quote, reader),
        "may_send": bool(allowed(reader, Permission.SEND_QUOTE, organization)),
    }
    return render(request, "pricing/quote.html", context, status=422 if form is not None and form.is_bound else 200)


def _beside(quote: Quote, reader: User) -> Beside | None:
    """For the practice alone, and while it can still act on it: the customer reads the offer as it was made."""
    if not is_staff(reader) or quote.state not in {Quote.State.DRAFT, Quote.State.SENT}:
        return None
    return measured_beside(quote.engagement.request, reader)


def _paper(request: HttpRequest, quote: Quote) -> PaperRegion | None:
    """The PDF that is being made to send this quote, or to send it again with a new date."""
    job = latest_paper(quote, SEND_QUOTE, REDATE_QUOTE)
    sent = job.result["reference"] if job and job.result else ""
    page = reverse("pricing:quote", args=[quote.reference])
    there = reverse("pricing:quote", args=[sent]) if sent else page
    is_over = job is not None and quote.state not in _WAITING_FOR[job.kind]
    return paper_region(request, job, page=page, done=f"Quote {sent} is sent.", done_url=there, is_over=is_over)


def _digest(quote: Quote) -> str:
    return quote.document.digest if quote.document else ""


def _facts(quote: Quote) -> dict[str, Any]:
    organization = quote.engagement.organization
    later = quote.engagement.quotes.filter(number=quote.number, revision__gt=quote.revision)
    successor = later.exclude(state=Quote.State.WITHDRAWN, sent_at=None).order_by("-revision")
    return {
        "quote": quote,
        "engagement": quote.engagement,
        "organization": organization,
        "offer": quote.snapshot,
        "is_behind": is_behind(quote),
        "valid_until": valid_until_text(quote.valid_until, organization) if quote.valid_until else "",
        "changes": changes_in(quote),
        "has_balance": quote.tier_key == PLAN_ONLY,
        "agreed_later": quote.amendments.filter(state=Quote.State.ACCEPTED).select_related("accepted_by"),
        "successor": successor.first() if quote.state == Quote.State.SUPERSEDED else None,
    }


@require_safe
@login_required
def engagement_quote(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to the quote of an engagement that counts: the accepted or the newest one, or to the advice to stay."""
    engagement = find_engagement(request, code)
    require(reader_of(request), Permission.VIEW_QUOTE, engagement.organization)
    quotes = Quote.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    if quote := quotes.agreed().first() or quotes.order_by("-pk").first():
        return redirect("pricing:quote", quote.reference)
    advice = engagement.documents.filter(kind=FrozenDocument.Kind.STAY_ADVICE).only("pk").first()
    if advice is None:
        raise Http404
    return redirect("engagements:document_pdf", code, advice.pk)


@require_safe
@login_required
def quote_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The stored bytes, exactly as they were sent. A draft has none yet."""
    document = find_quote(request, reference).document
    if document is None:
        raise Http404
    response = HttpResponse(bytes(document.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{reference}.pdf"'
    response["ETag"] = f'"{document.digest}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Review what goes out and to whom, then send exactly that."""
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.SEND_QUOTE, quote.engagement.organization)
    if quote.state != Quote.State.DRAFT:
        raise Conflict(f"{quote} is at “{quote.get_state_display()}”; only a draft can be sent.")
    form = SendForm(request.POST or None, initial={**typed_before(request), "shown_digest": draft_digest(quote)})
    if wants_proof(request, form) and unfinished_paper(quote, SEND_QUOTE) is None:
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        stops = quote.engagement.request.is_clock_running
        proved, shown = last_authentication(request), form.cleaned_data["shown_digest"]
        request_sending(quote, actor=reader_of(request), authenticated_at=proved, shown_digest=shown)
        clock = " Then the clock stops." if stops else ""
        messages.success(request, f"The PDF of {quote.reference} is being made. It is sent when it is there.{clock}")
        return redirect("pricing:quote", reference)
    return _review(request, quote, form)


def _review(request: HttpRequest, quote: Quote, form: SendForm) -> HttpResponse:
    """What goes out and to whom, and what stands against it."""
    behind = request_behind(quote.engagement)
    context = {
        **_facts(quote),
        "form": form,
        "is_fresh": is_freshly_authenticated(request),
        "people": people_with_duty(quote.engagement.organization, Duty.Kind.ACCEPT_QUOTES),
        "goes_to": addressees(quote),
        "waiting": waiting_in(quote),
        "beside": _beside(quote, reader_of(request)),
        "reading": clock_of(behind) if behind else None,
    }
    return render(request, "pricing/send.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revise(request: HttpRequest, reference: str) -> HttpResponse:
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.SEND_QUOTE, quote.engagement.organization)
    if request.method == "POST":
        revision = revise_quote(quote, actor=reader_of(request))
        messages.success(request, f"{quote} is replaced. {revision} is a draft: correct the data points, then send it.")
        return redirect("pricing:quote", revision.reference)
    return render(request, "pricing/revise.html", _facts(quote))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.SEND_QUOTE, quote.engagement.organization)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            withdraw_quote(quote, actor=reader_of(request), reason=form.cleaned_data["reason"])
            messages.success(request, f"{quote} is withdrawn.")
            return redirect("pricing:request", quote.engagement.code)
    context = {**_facts(quote), "form": form}
    return render(request, "pricing/withdraw.html", context, status=status_of(form))
