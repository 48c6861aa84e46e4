"""Which mail a person gets: the page of their profile, and the link that a mail program presses (RFC 8058)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.prove_address import address_of, ask_for_proof, prove_address
from accounts.domain.switch_mail import kinds_for, kinds_off, switch_mail, switch_off
from accounts.models import User
from accounts.reader import reader_of
from core.mail_footers import read_switch_token
from core.middleware import came_from

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mail(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    offered = kinds_for(reader)
    if request.method == "POST":
        wanted = set(request.POST.getlist("on"))
        unseen = kinds_off(reader) - {kind.key for kind in offered}
        switch_mail(reader, off=unseen | {kind.key for kind in offered if kind.can_be_off and kind.key not in wanted})
        messages.success(request, "Your choice of mail is saved.")
        return redirect("accounts:mail")
    off = kinds_off(reader)
    groups = [
        (group, [(kind, kind.key not in off) for kind in kinds])
        for group, kinds in groupby(offered, key=lambda kind: kind.group)
    ]
    return render(request, "accounts/mail.html", {"groups": groups})


@require_POST
@login_required
def mail_test(request: HttpRequest) -> HttpResponse:
    """The button of the banner: a link to the address at which mail came back."""
    reader = reader_of(request)
    ask_for_proof(reader)
    messages.info(request, f"A link is on its way to {reader.email}. If it does not arrive, name another address.")
    return redirect(came_from(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_arrives(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link. Opening it does nothing; saying so is a POST."""
    address = address_of(token)
    if request.method == "POST":
        prove_address(address)
    context = {"address": address, "is_proved": request.method == "POST"}
    return render(request, "accounts/mail_arrives.html", context)


@csrf_exempt  # the link is signed, and a mail program has no session: RFC 8058 asks for a POST without one
@require_POST
def mail_off(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 (a view's signature)
    """Nothing but the kind of that mail, for whom it was written."""
    found = read_switch_token(token)
    person = User.objects.filter(pk=found[0]).first() if found else None
    if found is None or person is None:
        raise Http404("no such link")
    switch_off(person, found[1])
    return HttpResponse("Mail of this kind is switched off.", content_type="text/plain; charset=utf-8")
