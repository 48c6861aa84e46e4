"""What shows that the generated files can be read: our check, and what the target itself printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from discovery.domain.attach_output import attach_output
from discovery.domain.check_translation import check_translation
from discovery.found import find_estate, find_translation
from discovery.output_form import OutputForm
from discovery.translation_evidence import evidence_of
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
@login_required
def translation_check(request: HttpRequest, code: str, number: int) -> HttpResponse:
    shown = find_translation(request, find_estate(request, code), number)
    check_translation(shown, actor=reader_of(request))
    messages.success(request, "The files are being checked. What comes of it stands here when it is ready.")
    return redirect("discovery:translation_files", code, number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def translation_outputs(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    shown = find_translation(request, engagement, number)
    form = OutputForm()
    if request.method == "POST":
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        form = OutputForm(request.POST, request.FILES)
        if form.is_valid():
            with refusals_into(form):
                attached = attach_output(shown, text=form.text(), actor=reader_of(request))
                messages.success(request, f"The output is attached: {attached.get_verdict_display().lower()}.")
                return redirect("discovery:translation_outputs", code, number)
    context = evidence_context(request, engagement, translation=shown, form=form, evidence=evidence_of(shown))
    return render(request, "discovery/translation_outputs.html", context, status=status_of(form))
