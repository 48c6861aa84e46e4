"""Before whom a quote lies: what became of the mail, and what sales does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import last_authentication
from accounts.permissions import Permission
from accounts.proof_views import ask_for_proof, is_freshly_authenticated, typed_before, wants_proof
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from pricing.contact_forms import BounceForm, ForwardForm, ResumeForm, RowForm
from pricing.domain.follow_contact import mail_again, record_bounce, resume_mail
from pricing.domain.forward_quote import forward_quote
from pricing.found import find_contact, find_quote_for
from pricing.tracking import contacts_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pricing.models import Quote


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def contacts(request: HttpRequest, reference: str) -> HttpResponse:
    quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
    form = ForwardForm(request.POST if request.method == "POST" else None, initial=typed_before(request))
    if wants_proof(request, form):
        return ask_for_proof(request, form)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            proved = last_authentication(request)
            added = forward_quote(quote, actor=reader_of(request), authenticated_at=proved, **form.cleaned_data)
            messages.success(request, f"{added.full_name} has mail with a link of their own.")
            return redirect("pricing:contacts", reference)
    return _page(request, quote, form)


def _page(request: HttpRequest, quote: Quote, form: ForwardForm, row_form: RowForm | None = None) -> HttpResponse:
    rows: list[Any] = contacts_of(quote)
    for contact in rows:
        contact.anchor = f"contact-{contact.pk}"
        is_sent = row_form is not None and row_form.contact == contact.pk
        contact.bounce_form, contact.resume_form = (
            row_form if is_sent and isinstance(row_form, kind) else kind(contact=contact.pk)
            for kind in (BounceForm, ResumeForm)
        )
    context = {
        "quote": quote,
        "organization": quote.engagement.organization,
        "contacts": rows,
        "form": form,
        "is_fresh": is_freshly_authenticated(request),
        "row_form": row_form or BounceForm(contact=0),
    }
    sent = [form, row_form] if row_form else [form]
    return render(request, "pricing/contacts.html", context, status=status_of(*sent))


@require_POST
@login_required
def bounced(request: HttpRequest, reference: str, contact: int) -> HttpResponse:
    """A report of a mail that came back, as somebody read it."""
    quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
    found = find_contact(request, quote, contact)
    form = BounceForm(request.POST, contact=found.pk)
    if form.is_valid():
        with refusals_into(form):
            record_bounce(found, actor=reader_of(request), note=form.cleaned_data["note"])
            messages.success(request, f"Noted: the mail to {found.email} came back.")
            return redirect("pricing:contacts", reference)
    return _page(request, quote, ForwardForm(), form)


@require_POST
@login_required
def mail(request: HttpRequest, reference: str, contact: int) -> HttpResponse:
    quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
    found = mail_again(find_contact(request, quote, contact), actor=reader_of(request))
    messages.success(request, f"The link is mailed to {found.email} again.")
    return redirect("pricing:contacts", reference)


@require_POST
@login_required
def resume(request: HttpRequest, reference: str, contact: int) -> HttpResponse:
    """Mail to an address that is held back since mail came back from there."""
    quote = find_quote_for(request, reference, Permission.SEND_QUOTE)
    found = find_contact(request, quote, contact)
    form = ResumeForm(request.POST, contact=found.pk)
    if form.is_valid():
        with refusals_into(form):
            resume_mail(found, actor=reader_of(request), reason=form.cleaned_data["reason"])
            messages.success(request, f"Mail goes to {found.email} again, the link of the quote with it.")
            return redirect("pricing:contacts", reference)
    return _page(request, quote, ForwardForm(), form)
