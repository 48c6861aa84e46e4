"""The customer's side: accept, decline, say that something changed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import last_authentication
from accounts.permissions import Permission, require
from accounts.proof_views import ask_for_proof, wants_proof
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from engagements.records import shows_address
from pricing.consent import consent_to
from pricing.domain.accept_quote import accept_quote, refuse_closed, refuse_unless_open
from pricing.domain.ask_about_quote import ask_about_quote
from pricing.domain.ask_renewal import ask_renewal
from pricing.domain.decline_quote import decline_quote
from pricing.forms import AcceptForm, ChangedForm, DeclineForm
from pricing.found import find_quote
from pricing.models import Quote
from pricing.nda_standing import standing_of
from pricing.views.quotes import show_quote


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept the document that was on screen. What is accepted is read from the records, never from the form."""
    quote, reader = find_quote(request, reference), reader_of(request)
    page = reverse("pricing:quote", args=[reference]) + "#answer"
    if request.method != "POST":
        return redirect(page)
    require(reader, Permission.ACCEPT_QUOTE, quote.engagement.organization)
    if quote.state == Quote.State.ACCEPTED and quote.accepted_by_id == reader.pk:
        return redirect("pricing:receipt", reference)
    refuse_unless_open(quote)  # before anybody proves who they are for what cannot be
    refuse_closed(quote)
    form = AcceptForm(request.POST, consent=consent_to(quote).text)
    if wants_proof(request, form):
        return ask_for_proof(request, form, page=page)
    if not form.is_valid():
        return show_quote(request, quote, form)
    typed, proved = form.cleaned_data, last_authentication(request)
    consent = consent_to(quote, shown_digest=typed["shown_digest"], po_number=typed["po_number"])
    accept_quote(quote, actor=reader, authenticated_at=proved, consent=consent)
    return redirect("pricing:receipt", reference)


@require_safe
@login_required
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Proof of the acceptance, at an address that stays."""
    quote = find_quote(request, reference)
    if not quote.receipt:
        raise Http404
    context = {
        "quote": quote,
        "shows_address": shows_address(reader_of(request), quote.engagement, quote.accepted_by_id),
        "engagement": quote.engagement,
        "organization": quote.engagement.organization,
        "schedule": quote.engagement.schedule.all(),
        "owner": quote.engagement.request.owner,
        "nda": standing_of(quote.engagement),
    }
    return render(request, "pricing/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decline(request: HttpRequest, reference: str) -> HttpResponse:
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.ACCEPT_QUOTE, quote.engagement.organization)
    if request.method != "POST":
        refuse_closed(quote)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            decline_quote(quote, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"You declined {quote.reference}. Thank you for the reason.")
            return redirect("pricing:quote", reference)
    context = {"quote": quote, "engagement": quote.engagement, "owner": quote.engagement.request.owner, "form": form}
    return render(request, "pricing/decline.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def changed(request: HttpRequest, reference: str) -> HttpResponse:
    """“Something changed?”: a question about the quote."""
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.ASK, quote.engagement.organization)
    form = ChangedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            question = ask_about_quote(quote, actor=reader_of(request), text=form.cleaned_data["text"])
            messages.success(request, "Your question is with the practice. Nothing was accepted or declined.")
            return redirect("engagements:question", quote.engagement.code, question.number)
    context = {"quote": quote, "engagement": quote.engagement, "owner": quote.engagement.request.owner, "form": form}
    return render(request, "pricing/changed.html", context, status=status_of(form))


@require_POST
@login_required
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a new quote in place of an expired one: one button, the data points are kept."""
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.ASK, quote.engagement.organization)
    question = ask_renewal(quote, actor=reader_of(request))
    messages.success(request, "The practice is asked for a new quote. The data points are kept.")
    return redirect("engagements:question", quote.engagement.code, question.number)
