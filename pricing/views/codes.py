"""The one-time code with which somebody without an account shows whose address it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.forms import refusals_into, status_of
from core.wording import masked_address
from pricing.domain.accept_quote import refuse_closed, refuse_unless_open
from pricing.domain.prove_contact import prove_contact
from pricing.domain.send_code import send_code
from pricing.views.linked import facts_of
from pricing.views.linked_access import for_contact, note_proof, proved_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pricing.models import QuoteContact

ACTS = {
    "accept": "accept",
    "decline": "decline",
    "changed": "say what changed",
    "forward": "forward",
}


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="8 digits. It can be pasted; the gap in the middle does not matter.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 12}),
        error_messages={"required": "Enter the code of our mail."},
    )


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@for_contact
def code(request: HttpRequest, contact: QuoteContact) -> HttpResponse:
    """Says where a code goes; once one is out, takes it."""
    act = _act(request)
    if proved_for(act, request, contact):
        return redirect(f"link:{act}", contact.token)
    refuse_unless_open(contact.quote)
    refuse_closed(contact.quote)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            note_proof(request, prove_contact(contact, typed=form.cleaned_data["code"]))
            return redirect(f"link:{act}", contact.token)
    out = contact.codes.live().first()
    context = {
        **facts_of(contact),
        "form": form,
        "act": act,
        "words": ACTS[act],
        "out": out,
        "masked": masked_address(contact.email),
    }
    return render(request, "pricing/linked/code.html", context, status=status_of(form))


def _act(request: HttpRequest) -> str:
    """What the code is for, as one of the acts that ask for it."""
    wanted = request.POST.get("to") or request.GET.get("to", "")
    return wanted if wanted in ACTS else "accept"


@require_POST
@for_contact
def send(request: HttpRequest, contact: QuoteContact) -> HttpResponse:
    send_code(contact)
    response: HttpResponse = redirect("link:code", contact.token)
    response["Location"] += f"?to={_act(request)}"
    return response
