"""What every page needs whose act asks for a fresh proof: the way to it, and the form as it was left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.forms import Textarea

from accounts.fresh_proof import is_fresh
from accounts.middleware import last_authentication, to_proof
from core.masking import without_secrets

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

_DRAFTS = "typed-before-proof"
_MINUTES, _AT_MOST = 30, 5  # how long a form waits, and how many at once
# Promises about now; an address that may be a key and stands in no session.
_SAID_ANEW = ("is_name_right", "may_accept", "url")
_PROVE = "prove"  # the button beside the form that leads to the proof before the form is complete
_FORM = "sign"  # the anchor where every page that takes a signature has its form


def typed_before(request: HttpRequest) -> dict[str, Any]:
    """What was typed on this page when a proof was asked for, and that they come from there; told once."""
    drafts = _waiting(request)
    if request.path not in drafts:
        return {}
    typed: dict[str, Any] = drafts.pop(request.path)["typed"]
    request.session[_DRAFTS] = drafts
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
    path, _, anchor = (page or request.path).partition("#")
    drafts = _waiting(request)
    drafts.pop(path, None)
    drafts[path] = {"at": time.time(), "typed": _kept(form)}
    request.session[_DRAFTS] = dict([*drafts.items()][-_AT_MOST:])
    return to_proof(f"{path}#{anchor or _FORM}")


def lead_to_proof(request: HttpRequest, page: str) -> HttpResponse:
    """For a page with one button: whoever comes back is told that nothing happened yet, and presses it once more."""
    path = page.partition("#")[0]
    drafts = _waiting(request)
    drafts.setdefault(path, {"at": time.time(), "typed": {}})
    request.session[_DRAFTS] = drafts
    return to_proof(page)


def _waiting(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """By the address of their page; what is older than a sitting is no longer what somebody has in mind."""
    drafts: dict[str, dict[str, Any]] = request.session.get(_DRAFTS) or {}
    oldest = time.time() - _MINUTES * 60
    return {path: draft for path, draft in drafts.items() if draft["at"] >= oldest}


def _kept(form: Form) -> dict[str, Any]:
    """What may wait in a session; of free text as much as would be stored of it."""
    typed = {name: form[name].value() for name in form.fields if name not in _SAID_ANEW}
    for name, value in typed.items():
        if isinstance(value, str) and isinstance(form.fields[name].widget, Textarea):
            typed[name] = without_secrets(value)
    return typed
