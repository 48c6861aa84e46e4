"""What the practice does to a quote beyond the rules: discount, tier, approval, a new date, void, amendment."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import last_authentication
from accounts.permissions import Permission, require
from accounts.proof_views import (
    ask_for_proof,
    asks_for_proof,
    is_freshly_authenticated,
    lead_to_proof,
    typed_before,
    wants_proof,
)
from accounts.reader import reader_of
from core.errors import Conflict
from core.forms import refusals_into, status_of
from core.wording import amount_text, day_text
from pricing.calculation.proposal import work_out
from pricing.domain.amend_quote import amend_quote
from pricing.domain.give_terms import approve_term, choose_tier_instead, give_discount
from pricing.domain.redate_quote import NewDate, latest_day, request_redating
from pricing.domain.send_quote import draft_digest
from pricing.domain.void_quote import void_quote, why_not_void
from pricing.forms import ReasonForm
from pricing.found import find_quote
from pricing.given_terms import discount_of, limit_text, tier_choice_of
from pricing.in_force import book_now
from pricing.models import Quote
from pricing.papers import REDATE_QUOTE, unfinished_paper
from pricing.scope import exceeded_by, points_as_found
from pricing.term_forms import ApproveForm, DiscountForm, RedateForm, SeenForm, TierForm

ACTING = ["GET", "HEAD", "POST"]


@require_http_methods(ACTING)
@login_required
def discount(request: HttpRequest, reference: str) -> HttpResponse:
    quote = find_draft(request, reference)
    stands, is_removal = discount_of(quote), "remove" in request.POST
    initial = {name: getattr(stands, name) for name in ("percent", "amount", "reason")} if stands else {}
    form_class = SeenForm if is_removal else DiscountForm
    form: SeenForm = form_class(request.POST or None, initial={**initial, "shown_digest": draft_digest(quote)})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            reduction = form.reduction() if isinstance(form, DiscountForm) else None
            give_discount(quote, actor=reader_of(request), reduction=reduction, seen=form.seen())
            messages.success(request, f"The discount of {quote.reference} is {'set' if reduction else 'taken off'}.")
            return redirect("pricing:quote", reference)
    limit = limit_text(reader_of(request), quote)
    return _shown(request, "discount", quote, form, stands=stands, fee=amount_text(quote.fee), limit=limit)


@require_http_methods(ACTING)
@login_required
def tier(request: HttpRequest, reference: str) -> HttpResponse:
    quote = find_draft(request, reference)
    choice = tier_choice_of(quote)
    initial = {"tier": quote.tier_key, "reason": choice.reason if choice else "", "shown_digest": draft_digest(quote)}
    form = TierForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            chosen = form.cleaned_data["tier"]
            changed = choose_tier_instead(quote, actor=reader_of(request), tier=chosen, seen=form.seen())
            messages.success(request, f"{quote.reference} is on {changed.tier_label}.")
            return redirect("pricing:quote", reference)
    return _shown(request, "tier", quote, form)


@require_POST
@login_required
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """A second person's yes to exactly what the page showed. Every amount is read from the records."""
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.SEND_QUOTE, quote.engagement.organization)
    form, is_asked = ApproveForm(request.POST), asks_for_proof(request)
    if not (is_asked or form.is_valid()):
        raise Conflict("The page did not say what is approved. Nothing was approved; open the quote and read it again.")
    if is_asked or not is_freshly_authenticated(request):
        return lead_to_proof(request, reverse("pricing:quote", args=[reference]) + "#terms")
    proved, covers = last_authentication(request), form.cleaned_data["covers"]
    approval = approve_term(quote, actor=reader_of(request), authenticated_at=proved, covers=covers)
    messages.success(request, f"Approved: {approval.words}.")
    return redirect("pricing:quote", reference)


@require_http_methods(ACTING)
@login_required
def redate(request: HttpRequest, reference: str) -> HttpResponse:
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.REDATE_QUOTE, quote.engagement.organization)
    form = RedateForm(request.POST or None, initial={"last_day": latest_day(quote), **typed_before(request)})
    if wants_proof(request, form) and unfinished_paper(quote, REDATE_QUOTE) is None:
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            proved, new = last_authentication(request), NewDate(**form.cleaned_data)
            request_redating(quote, actor=reader_of(request), authenticated_at=proved, new=new)
            messages.success(request, "The PDF with the new date is being made. It is sent when it is there.")
            return redirect("pricing:quote", reference)
    return _shown(request, "redate", quote, form, latest=day_text(latest_day(quote)))


@require_http_methods(ACTING)
@login_required
def void(request: HttpRequest, reference: str) -> HttpResponse:
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.VOID_QUOTE, quote.engagement.organization)
    refusal = why_not_void(quote)
    form = ReasonForm(request.POST or None, initial=typed_before(request))
    if not refusal and wants_proof(request, form):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            proved, reason = last_authentication(request), form.cleaned_data["reason"]
            void_quote(quote, actor=reader_of(request), authenticated_at=proved, reason=reason)
            messages.success(request, f"The acceptance of {quote} is void. {quote.accepted_by} is told.")
            return redirect("pricing:quote", reference)
    return _shown(request, "void", quote, form, refusal=refusal)


@require_http_methods(ACTING)
@login_required
def amend(request: HttpRequest, reference: str) -> HttpResponse:
    """Draft the next revision of what was agreed from what discovery found."""
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.SEND_QUOTE, quote.engagement.organization)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            revision = amend_quote(quote, actor=reader_of(request), reason=form.cleaned_data["reason"])
            messages.success(request, f"{revision} is a draft. {quote} stays in force until {revision} is accepted.")
            return redirect("pricing:quote", revision.reference)
    leads_to = work_out(points_as_found(quote), book_now()).choice.tier
    fee = amount_text(leads_to.fee, leads_to.currency)
    return _shown(request, "amend", quote, form, exceeded=exceeded_by(quote), leads_to=leads_to, fee=fee)


def find_draft(request: HttpRequest, reference: str) -> Quote:
    """A draft, for whoever sends quotes."""
    quote = find_quote(request, reference)
    require(reader_of(request), Permission.SEND_QUOTE, quote.engagement.organization)
    if quote.state != Quote.State.DRAFT:
        state = quote.get_state_display()
        raise Conflict(f"{quote.reference} is at “{state}”: its terms stay as they are. Revise it to offer others.")
    return quote


def _shown(request: HttpRequest, name: str, quote: Quote, form: Form, **more: Any) -> HttpResponse:
    context = {
        "quote": quote,
        "engagement": quote.engagement,
        "organization": quote.engagement.organization,
        "offer": quote.snapshot,
        "form": form,
        "is_fresh": is_freshly_authenticated(request),
        **more,
    }
    return render(request, f"pricing/{name}.html", context, status=status_of(form))
