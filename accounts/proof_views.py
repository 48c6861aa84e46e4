"""What every page needs whose act asks for a fresh proof: the way to it, and the form as it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.fresh_proof import is_fresh
from accounts.middleware import last_authentication

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

_DRAFT = "sign-draft"
# Promises about now; an address that may be a key and stands in no session.
_SAID_ANEW = ("is_name_right", "may_accept", "url")
_PROVE = "prove"  # the button beside the form that leads to the proof before the form is complete
_FORM = "sign"  # the anchor where every page that takes a signature has its form


def typed_before(request: HttpRequest) -> dict[str, Any]:
    """What was typed on this page when a proof was asked for, and that they come from there; told once."""
    draft = request.session.get(_DRAFT) or {}
    if draft.get("at") != request.path:
        return {}
    del request.session[_DRAFT]
    typed: dict[str, Any] = draft["typed"]
    return {**typed, "comes_from_proof": True}


def is_freshly_authenticated(request: HttpRequest) -> bool:
    return is_fresh(last_authentication(request))


def asks_for_proof(request: HttpRequest) -> bool:
    return _PROVE in request.POST


def wants_proof(request: HttpRequest, form: Form) -> bool:
    """Whether what was sent leads to the proof first: it was asked for, or is all that is missing."""
    return form.is_bound and (asks_for_proof(request) or (form.is_valid() and not is_freshly_authenticated(request)))


def ask_for_proof(request: HttpRequest, form: Form, *, page: str = "") -> HttpResponse:
    """Lead to the proof of who they are; what was typed waits in the session.

    `page` is where the form stands, if that is not the address it is sent to.
    """
    kept = [name for name in form.fields if name not in _SAID_ANEW]
    return _lead_to_proof(request, page, {name: form[name].value() for name in kept})


def lead_to_proof(request: HttpRequest, page: str) -> HttpResponse:
    """For an act of one button: whoever comes back presses it once more."""
    return _lead_to_proof(request, page, {})


def _lead_to_proof(request: HttpRequest, page: str, typed: dict[str, Any]) -> HttpResponse:
    path, _, anchor = (page or request.path).partition("#")
    request.session[_DRAFT] = {"at": path, "typed": typed}
    back = f"{path}#{anchor or _FORM}"
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
