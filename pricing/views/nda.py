"""The NDA of an engagement: where it stands, which text, its bytes, proof of a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organization
from accounts.permissions import Permission, allowed, is_staff, require
from accounts.reader import reader_of
from core.downloads import attachment
from core.forms import refusals_into, status_of
from engagements.found import find_engagement
from engagements.records import shows_address
from engagements.steps import OVER
from engagements.views.page_context import page_context
from pricing.domain.announce_nda import signers_of
from pricing.domain.choose_nda import request_our_nda
from pricing.domain.sign_nda import side_of
from pricing.domain.upload_nda import upload_nda
from pricing.in_force import book_now
from pricing.models import Nda, NdaSignature
from pricing.nda_content import nda_snapshot
from pricing.nda_files import pdf_of
from pricing.nda_forms import ChooseForm
from pricing.nda_standing import CUSTOMER, PRACTICE, Standing, standing_of, with_signatures
from pricing.papers import PUT_UP_NDA, latest_paper, paper_region

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement
    from pricing.papers import PaperRegion


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def nda(request: HttpRequest, code: str) -> HttpResponse:
    """Read where the NDA stands; choose the practice's text or hand over one's own."""
    engagement = find_engagement(request, code)
    reader = reader_of(request)
    if request.method == "POST":
        require(reader, Permission.SIGN_NDA, engagement.organization)
    form = _choose_form(request)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            return _choose(request, engagement, form)
    return render(request, "pricing/nda.html", _shown(request, engagement, form), status=status_of(form))


def _choose_form(request: HttpRequest) -> ChooseForm:
    practice = settings.CONSULTANCY["short_name"]
    theirs = "Upload the customer's" if is_staff(reader_of(request)) else "Upload ours"
    words = {"ours": f"Use {practice}'s NDA (2 pages)", "theirs": f"{theirs}, for {practice} to review"}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return ChooseForm(*sent, initial={"kind": Nda.Kind.OURS}, **words)


def _choose(request: HttpRequest, engagement: Engagement, form: ChooseForm) -> HttpResponse:
    reader, sent = reader_of(request), form.cleaned_data
    if sent["kind"] != Nda.Kind.OURS:
        theirs = upload_nda(engagement, filename=sent["pdf"].name, content_file=sent["pdf"].file, actor=reader)
        messages.success(request, f"{theirs.filename} is with {settings.CONSULTANCY['short_name']} for review.")
        return redirect("pricing:nda", engagement.code)
    if request_our_nda(engagement, actor=reader) is None:
        return redirect("pricing:nda_sign", engagement.code)
    messages.success(request, "The PDF of the NDA is being made. It can be signed when it is there.")
    return redirect("pricing:nda", engagement.code)


def _paper(request: HttpRequest, engagement: Engagement, up: Nda | None) -> PaperRegion | None:
    """The text that is being made; one that failed is told of until another is up."""
    job = latest_paper(engagement, PUT_UP_NDA)
    is_over = bool(job and up and (up.state == Nda.State.SIGNED or up.asked_at > job.created_at))
    page, there = (reverse(f"pricing:{name}", args=[engagement.code]) for name in ("nda", "nda_sign"))
    done = "The NDA is there and can be signed."
    return paper_region(request, job, page=page, done=done, done_url=there, is_over=is_over)


def _shown(request: HttpRequest, engagement: Engagement, form: ChooseForm) -> dict[str, Any]:
    reader, standing = reader_of(request), standing_of(engagement)
    may_sign = allowed(reader, Permission.SIGN_NDA, engagement.organization)
    side = side_of(reader)
    earlier = Nda.objects.visible_to(reader).filter(engagement=engagement)
    return page_context(
        engagement,
        standing=standing,
        paper=_paper(request, engagement, standing.nda),
        form=form,
        may_sign=bool(may_sign),
        refusal=may_sign.reason,
        may_choose=bool(may_sign) and not standing.is_signed and engagement.phase not in OVER,
        may_record=bool(allowed(reader, Permission.OVERRIDE_CHECK, engagement.organization)),
        is_asked=standing.nda is not None and standing.is_open and standing.waits_for(side),
        is_staff=is_staff(reader),
        signs_for_customer=bool(may_sign) and side == CUSTOMER,
        signs_for_practice=bool(may_sign) and side == PRACTICE,
        signers=signers_of(engagement.organization),
        practice_signers=signers_of(Organization.objects.consultancy()),
        earlier=earlier.exclude(pk=standing.nda.pk if standing.nda else None).select_related("reviewed_by"),
        **_practice(),
    )


def _practice() -> dict[str, Any]:
    return {"practice": settings.CONSULTANCY["short_name"], "hours": book_now().thresholds["nda_hours"]}


@require_safe
@login_required
def nda_text(request: HttpRequest, code: str) -> HttpResponse:
    """The practice's text as a page: as it was put up, or as it would be."""
    engagement = find_engagement(request, code)
    up = standing_of(engagement).nda
    frozen = up.document if up else None
    content = frozen.snapshot if frozen else nda_snapshot(engagement, number=1, at=timezone.now())
    context = page_context(engagement, document=content, nda=up if frozen else None)
    return render(request, "pricing/nda_text.html", context)


@require_safe
@login_required
def nda_pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The stored bytes. A file to keep, never opened in the page: it may be anybody's."""
    visible = Nda.objects.visible_to(reader_of(request)).select_related("document", "file")
    found = get_object_or_404(visible, engagement__code=code, number=number)
    response = attachment(pdf_of(found), "application/pdf", f"{code}-NDA-{number}.pdf")
    response["ETag"] = f'"{found.digest}"'
    return response


@require_safe
@login_required
def nda_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Proof of a signature, and of the other side's if there is one, at an address that stays."""
    visible = NdaSignature.objects.visible_to(reader_of(request)).select_related("nda__engagement__organization")
    signed = get_object_or_404(visible, reference=reference)
    standing = _standing_at(signed)
    if standing.nda is None:
        raise Http404
    context = page_context(
        signed.nda.engagement,
        signed=signed,
        standing=standing,
        shows_customer=_shows_address(request, standing.customer),
        shows_practice=_shows_address(request, standing.practice),
        may_upload=bool(allowed(reader_of(request), Permission.UPLOAD, signed.nda.engagement.organization)),
        **_practice(),
    )
    return render(request, "pricing/nda_receipt.html", context)


def _shows_address(request: HttpRequest, signed: NdaSignature | None) -> bool:
    return signed is not None and shows_address(reader_of(request), signed.nda.engagement, signed.signed_by_id)


def _standing_at(signed: NdaSignature) -> Standing:
    return with_signatures(signed.nda, signed.nda.engagement, signed.nda.signatures.select_related("signed_by"))
