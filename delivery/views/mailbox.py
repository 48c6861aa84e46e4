"""The mailboxes that are read over IMAP: which, how they fare, testing, pausing and removing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from delivery.domain.read_mailbox import KIND, ask_test
from delivery.domain.set_mailbox import pause_mailbox, remove_mailbox, set_mailbox
from delivery.feedback.imap import Account
from delivery.feedback_forms import MailboxForm
from delivery.found import find_mailbox
from delivery.models import Mailbox
from delivery.views.page_context import unfinished_job
from discovery.domain.receive_upload import upload_blockers
from discovery.found import find_estate
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mailboxes(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    form = MailboxForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(reader_of(request), Permission.UPLOAD, engagement.organization)
        if form.is_valid():
            with refusals_into(form):
                account = Account(**form.cleaned_data)
                mailbox = set_mailbox(engagement, account=account, actor=reader_of(request))
                messages.success(request, f"{mailbox} is set. It is looked into within a minute or two.")
                return redirect("feedback:mailboxes", code)
    found = Mailbox.objects.visible_to(reader_of(request)).filter(engagement=engagement).defer("sealed_password")
    context = evidence_context(
        request,
        engagement,
        form=form,
        rows=[(mailbox, unfinished_job(mailbox, KIND)) for mailbox in found],
        upload_reasons=upload_blockers(engagement),
    )
    return render(request, "delivery/mailboxes.html", context, status=status_of(form))


@require_POST
@login_required
def mailbox_test(request: HttpRequest, code: str, number: int) -> HttpResponse:
    mailbox = find_mailbox(request, find_estate(request, code), number)
    ask_test(mailbox, actor=reader_of(request))
    messages.success(request, f"The connection to {mailbox.host} is being tested. Load this page again in a moment.")
    return redirect("feedback:mailboxes", code)


@require_POST
@login_required
def mailbox_pause(request: HttpRequest, code: str, number: int) -> HttpResponse:
    mailbox = find_mailbox(request, find_estate(request, code), number)
    pause_mailbox(mailbox, is_paused=True, actor=reader_of(request))
    messages.success(request, f"{mailbox} is paused. What comes into it stays there and is read when it is resumed.")
    return redirect("feedback:mailboxes", code)


@require_POST
@login_required
def mailbox_resume(request: HttpRequest, code: str, number: int) -> HttpResponse:
    mailbox = find_mailbox(request, find_estate(request, code), number)
    pause_mailbox(mailbox, is_paused=False, actor=reader_of(request))
    messages.success(request, f"{mailbox} is read again, from where it stood.")
    return redirect("feedback:mailboxes", code)


@require_POST
@login_required
def mailbox_remove(request: HttpRequest, code: str, number: int) -> HttpResponse:
    mailbox = find_mailbox(request, find_estate(request, code), number)
    remove_mailbox(mailbox, actor=reader_of(request))
    messages.success(request, f"{mailbox} is removed, and its password with it. What was taken from it stays.")
    return redirect("feedback:mailboxes", code)
