"""Accept, decline, ask, forward: for whoever proved with a code that the contact's address is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.forms import refusals_into, status_of
from pricing.consent import consent_to
from pricing.contact_forms import ForwardForm
from pricing.domain.accept_quote import accept_quote, refuse_closed, refuse_unless_open
from pricing.domain.ask_about_quote import ask_about_quote
from pricing.domain.decline_quote import decline_quote
from pricing.domain.forward_quote import forward_quote
from pricing.forms import AcceptForm, ChangedForm, DeclineForm
from pricing.models import Quote, QuoteContact
from pricing.views.linked import facts_of
from pricing.views.linked_access import ask_for_code, by_proved, code_proved_at, proved_for, typed_before

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

_PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(_PAGE)
@by_proved("accept", AcceptForm)
def accept(request: HttpRequest, contact: QuoteContact, person: User) -> HttpResponse:
    """Accept the document that was on screen. What is accepted is read from the records, never from the form."""
    shown = contact.quote
    if shown.state == Quote.State.ACCEPTED and shown.accepted_by_id == person.pk:
        return redirect("link:receipt", contact.token)
    _refuse_unless_answerable(shown)
    if not proved_for("accept", request, contact):
        return ask_for_code(request, contact, "accept", AcceptForm)
    consent = consent_to(shown).text
    digest = shown.document.digest if shown.document else ""
    initial = {**typed_before(request, contact), "may_accept": False, "shown_digest": digest}
    form = AcceptForm(request.POST if request.method == "POST" else None, consent=consent, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed, proved = form.cleaned_data, code_proved_at(request, contact)
        agreed = consent_to(shown, shown_digest=typed["shown_digest"], po_number=typed["po_number"])
        accept_quote(shown, actor=person, authenticated_at=proved, consent=agreed)
        return redirect("link:receipt", contact.token)
    return _form_page(request, contact, person, form, "accept")


def _refuse_unless_answerable(shown: Quote) -> None:
    refuse_unless_open(shown)
    refuse_closed(shown)


def _form_page(request: HttpRequest, contact: QuoteContact, person: User, form: Form, name: str) -> HttpResponse:
    context = {
        **facts_of(contact),
        "form": form,
        "person": person,
    }
    return render(request, f"pricing/linked/{name}.html", context, status=status_of(form))


@require_http_methods(_PAGE)
@by_proved("decline", DeclineForm)
def decline(request: HttpRequest, contact: QuoteContact, person: User) -> HttpResponse:
    shown = contact.quote
    if shown.state == Quote.State.DECLINED and shown.declined_by_id == person.pk:
        return redirect("link:quote", contact.token)
    _refuse_unless_answerable(shown)
    form = DeclineForm(request.POST if request.method == "POST" else None, initial=typed_before(request, contact))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            decline_quote(shown, actor=person, **form.cleaned_data)
            messages.success(request, f"You declined {shown.reference}. Thank you for the reason.")
            return redirect("link:quote", contact.token)
    return _form_page(request, contact, person, form, "decline")


@require_http_methods(_PAGE)
@by_proved("changed", ChangedForm)
def changed(request: HttpRequest, contact: QuoteContact, person: User) -> HttpResponse:
    """“Something changed?”: a question about the quote. It accepts and declines nothing."""
    _refuse_unless_answerable(contact.quote)
    form = ChangedForm(request.POST if request.method == "POST" else None, initial=typed_before(request, contact))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            ask_about_quote(contact.quote, actor=person, text=form.cleaned_data["text"])
            messages.success(request, "Your question is with the practice. Nothing was accepted or declined.")
            return redirect("link:quote", contact.token)
    return _form_page(request, contact, person, form, "changed")


@require_http_methods(_PAGE)
@by_proved("forward", ForwardForm)
def forward(request: HttpRequest, contact: QuoteContact, person: User) -> HttpResponse:
    """A colleague gets a link of their own; this one stays whose it is."""
    _refuse_unless_answerable(contact.quote)
    if not proved_for("forward", request, contact):
        return ask_for_code(request, contact, "forward", ForwardForm)
    form = ForwardForm(request.POST if request.method == "POST" else None, initial=typed_before(request, contact))
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            proved = code_proved_at(request, contact)
            added = forward_quote(contact.quote, actor=person, authenticated_at=proved, **form.cleaned_data)
            messages.success(request, f"{added.full_name} has mail with a link of their own.")
            return redirect("link:quote", contact.token)
    return _form_page(request, contact, person, form, "forward")
