"""What is done with an NDA that is up: sign it, answer the customer's text, record one signed on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission, require
from accounts.proof_views import ask_for_proof, asks_for_proof, is_freshly_authenticated
from accounts.reader import reader_of
from core.errors import Conflict
from core.forms import refusals_into, status_of
from engagements.found import find_engagement
from engagements.views.fresh_signature import sign_form, signature_of
from engagements.views.page_context import page_context
from pricing.domain.record_paper_nda import record_paper_nda
from pricing.domain.review_nda import accept_nda, refuse_the_customer, send_back_nda
from pricing.domain.sign_nda import party_of, side_of, sign_nda
from pricing.in_force import book_now
from pricing.nda_content import nda_statement
from pricing.nda_forms import PaperForm, ReviewForm
from pricing.nda_standing import PRACTICE, standing_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.forms import SignForm
    from engagements.models import Engagement
    from pricing.models import Nda
    from pricing.nda_standing import Standing


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def nda_sign(request: HttpRequest, code: str) -> HttpResponse:
    """Everything a signer has to know on one page. The form carries the digest that was on screen."""
    engagement = find_engagement(request, code)
    reader = reader_of(request)
    require(reader, Permission.SIGN_NDA, engagement.organization)
    standing = standing_of(engagement)
    own = standing.practice if side_of(reader) == PRACTICE else standing.customer
    if own:
        return redirect("pricing:nda_receipt", own.reference)
    if standing.nda is None or not standing.is_open:
        return redirect("pricing:nda", code)
    form = sign_form(request, digest=standing.nda.digest)
    if asks_for_proof(request):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        return _sign(request, engagement, standing.nda, form)
    return _show(request, standing, form)


def _sign(request: HttpRequest, engagement: Engagement, nda: Nda, form: SignForm) -> HttpResponse:
    if not is_freshly_authenticated(request):
        return ask_for_proof(request, form)
    reader = reader_of(request)
    statement = nda_statement(party_of(side_of(reader), engagement))
    signed = sign_nda(nda, actor=reader, signature=signature_of(request, form, statement))
    return redirect("pricing:nda_receipt", signed.reference)


def _show(request: HttpRequest, standing: Standing, form: SignForm) -> HttpResponse:
    side = side_of(reader_of(request))
    party = party_of(side, standing.engagement)
    context = page_context(
        standing.engagement,
        standing=standing,
        nda=standing.nda,
        form=form,
        party=party,
        statement=nda_statement(party),
        other=standing.customer if side == PRACTICE else standing.practice,
        is_staff=side == PRACTICE,
        practice=settings.CONSULTANCY["short_name"],
        hours=book_now().thresholds["nda_hours"],
        is_fresh=is_freshly_authenticated(request),
    )
    return render(request, "pricing/nda_sign.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def nda_review(request: HttpRequest, code: str) -> HttpResponse:
    """Read the customer's text; accept it for signature or send it back."""
    engagement = find_engagement(request, code)
    reader = reader_of(request)
    refuse_the_customer(reader, engagement)
    standing = standing_of(engagement)
    nda = standing.nda
    if nda is None or not standing.is_in_review:
        raise Conflict("No NDA waits for a review. Nothing was changed.")
    form = ReviewForm(request.POST or None, initial={"shown_digest": nda.digest})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            return _answer(request, engagement, nda, form)
    context = page_context(engagement, nda=nda, standing=standing, form=form)
    return render(request, "pricing/nda_review.html", context, status=status_of(form))


def _answer(request: HttpRequest, engagement: Engagement, nda: Nda, form: ReviewForm) -> HttpResponse:
    typed, reader = form.cleaned_data, reader_of(request)
    if typed["act"] == "accept":
        accept_nda(nda, actor=reader, shown_digest=typed["shown_digest"])
        messages.success(request, f"{nda.filename} is open for signature by both sides.")
        return redirect("pricing:nda_sign", engagement.code)
    send_back_nda(nda, actor=reader, reason=typed["reason"], shown_digest=typed["shown_digest"])
    messages.success(request, f"{nda.filename} went back to {engagement.organization}, with your reason.")
    return redirect("pricing:nda", engagement.code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def nda_paper(request: HttpRequest, code: str) -> HttpResponse:
    """A lead records an NDA that was signed outside the portal."""
    engagement = find_engagement(request, code)
    reader = reader_of(request)
    require(reader, Permission.OVERRIDE_CHECK, engagement.organization)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            sent = form.cleaned_data
            record_paper_nda(
                engagement,
                filename=sent["pdf"].name,
                content_file=sent["pdf"].file,
                signed_on=sent["signed_on"],
                reason=sent["reason"],
                actor=reader,
            )
            messages.success(request, "The NDA is on record, marked as signed outside the portal. Uploads are open.")
            return redirect("pricing:nda", code)
    context = page_context(engagement, form=form, standing=standing_of(engagement))
    return render(request, "pricing/nda_paper.html", context, status=status_of(form))
