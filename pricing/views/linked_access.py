"""Who stands before a page that a link opens: nobody yet, or whoever proved the contact's address in this session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.fresh_proof import is_fresh
from accounts.permissions import is_staff
from core.errors import DomainError
from core.middleware import HEADINGS
from core.origin import add_proof
from core.wording import masked_address
from pricing.content import zone_of
from pricing.domain.accept_quote import refuse_closed, refuse_unless_open
from pricing.models import QuoteContact

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

    View = Callable[[HttpRequest, QuoteContact], HttpResponse]
    ProvedView = Callable[[HttpRequest, QuoteContact, User], HttpResponse]
    Page = Callable[..., HttpResponse]

PROOF_MINUTES = 30
_BINDING = {"accept", "forward"}  # takes a code as fresh as any act that binds does
_PROVED, _TYPED = "proved_contacts", "typed_by_contacts"
_RELATED = ("quote__engagement__organization", "quote__engagement__request__owner", "quote__document", "person")


def for_contact(view: View) -> Page:
    """A page that a link opens. It is in no index and no cache, and its address goes to nobody else."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        response = _answer(view, request, token)
        # A browser that may name no origin is refused every form; this one names the portal, never the link.
        has_form = b"<form" in response.content
        response["Referrer-Policy"] = "strict-origin" if has_form else "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return page


def _answer(view: View, request: HttpRequest, token: str) -> HttpResponse:
    """What the domain refuses becomes a page here: the one of the middleware would lead back into the portal."""
    contact = _find(token)
    if contact is None:
        return render(request, "pricing/linked/unknown.html", status=404)
    with timezone.override(zone_of(contact.quote.engagement.organization)):
        try:
            return view(request, contact)
        except DomainError as error:
            return refused(request, error, contact)


def _find(token: str) -> QuoteContact | None:
    """Tries are not counted: nobody guesses a link, and a limit would shut out whoever shares the network."""
    found = QuoteContact.objects.for_token(token)  # visible to all: the link is the permission, nobody else knows it
    return found.select_related(*_RELATED).first()


def refused(request: HttpRequest, error: DomainError, contact: QuoteContact) -> HttpResponse:
    context = {
        "heading": HEADINGS.get(error.status_code, HEADINGS[422]),
        "reasons": error.reasons,
        "contact": contact,
        "quote": contact.quote,
    }
    return render(request, "pricing/linked/refused.html", context, status=error.status_code)


def counts_as_opened(request: HttpRequest) -> bool:
    """A person who looks. Not a fetch ahead of one, not somebody of the practice who tries the link."""
    purposes = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    is_ahead = any(word in purposes.lower() for word in ("prefetch", "prerender", "preview"))
    return request.method == "GET" and not is_ahead and not is_staff(request.user)


def by_proved(act: str, form: type[Form]) -> Callable[[ProvedView], Page]:
    """A page for whoever proved the address; anybody else is led to the code first.

    What they typed into the form is kept for after it, and nothing else of what was posted.
    """

    def declare(view: ProvedView) -> Page:
        @for_contact
        @wraps(view)
        def page(request: HttpRequest, contact: QuoteContact) -> HttpResponse:
            person = proved_person(request, contact)
            if person is None:
                refuse_unless_open(contact.quote)
                refuse_closed(contact.quote)
                return ask_for_code(request, contact, act, form)
            add_proof(f"one-time code to {masked_address(contact.email)}")
            return view(request, contact, person)

        return page

    return declare


def ask_for_code(request: HttpRequest, contact: QuoteContact, act: str, form: type[Form]) -> HttpResponse:
    """Lead to the code; what was typed waits in the session."""
    keep_typed(request, contact, form)
    response: HttpResponse = redirect("link:code", contact.token)
    response["Location"] += f"?to={act}"
    return response


def note_proof(request: HttpRequest, contact: QuoteContact) -> None:
    """Remember in this session that the code was right. The key of the session changes, as at a sign-in."""
    if not request.user.is_authenticated:
        request.session.cycle_key()
    now = timezone.now().timestamp()
    request.session[_PROVED] = {**request.session.get(_PROVED, {}), str(contact.pk): now}


def proved_person(request: HttpRequest, contact: QuoteContact) -> User | None:
    """Who proved this contact's address in this session within the last half hour; None otherwise."""
    if timezone.now() - code_proved_at(request, contact) > timedelta(minutes=PROOF_MINUTES):
        return None
    return contact.person if contact.person and contact.person.is_active else None


def proved_for(act: str, request: HttpRequest, contact: QuoteContact) -> User | None:
    """Who proved it for this act: what binds takes a fresh proof, and there the code is the proof."""
    if act in _BINDING and not is_fresh(code_proved_at(request, contact)):
        return None
    return proved_person(request, contact)


def code_proved_at(request: HttpRequest, contact: QuoteContact) -> datetime:
    """When the code of this contact was entered in this session; long ago if it never was."""
    return datetime.fromtimestamp(request.session.get(_PROVED, {}).get(str(contact.pk), 0), tz=UTC)


def keep_typed(request: HttpRequest, contact: QuoteContact, form: type[Form]) -> None:
    if request.method == "POST":
        typed = {name: value for name, value in request.POST.items() if name in form.base_fields}
        request.session[_TYPED] = {str(contact.pk): {name: str(value)[:2000] for name, value in typed.items()}}


def typed_before(request: HttpRequest, contact: QuoteContact) -> dict[str, Any]:
    """What was typed before the code was asked for; told once."""
    kept: dict[str, Any] = request.session.get(_TYPED, {}).get(str(contact.pk), {})
    if kept:
        del request.session[_TYPED]
    return kept
