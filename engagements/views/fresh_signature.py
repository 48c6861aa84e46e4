"""What every page that takes a signature needs: the form as it was left, a fresh proof, the signature itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.middleware import last_authentication
from accounts.reader import reader_of
from engagements.domain.keep_evidence import Signature
from engagements.forms import SignForm
from engagements.fresh_proof import is_fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from engagements.statements import Statement

_DRAFT = "sign-draft"
_SAID_ANEW = ("is_name_right", "url")  # a promise about now; an address that may be a key and stands in no session
_PROVE = "prove"  # the button beside the form that leads to the proof before the form is complete
_FORM = "#sign"  # where every page that takes a signature has its form


def sign_form(request: HttpRequest, *, digest: str, kind: Callable[..., SignForm] = SignForm) -> SignForm:
    """The form over the document with this SHA-256; what was typed before a proof was asked for is in it again."""
    reader, before = reader_of(request), typed_before(request)
    if before.get("shown_digest") != digest:
        before.pop("has_read", None)  # what they read was another version
    return kind(
        request.POST if request.method == "POST" else None,
        profile_name=reader.full_name,
        initial={"role_title": reader.job_title, **before, "shown_digest": digest},
    )


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


def ask_for_proof(request: HttpRequest, form: Form) -> HttpResponse:
    """Lead to the proof of who they are; what was typed waits in the session."""
    kept = [name for name in form.fields if name not in _SAID_ANEW]
    request.session[_DRAFT] = {"at": request.path, "typed": {name: form[name].value() for name in kept}}
    return lead_to_proof(request.path + _FORM)


def lead_to_proof(back: str) -> HttpResponse:
    """For an act of one button: whoever comes back presses it once more."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def signature_of(request: HttpRequest, form: SignForm, statement: Statement) -> Signature:
    typed = form.cleaned_data
    return Signature(
        typed_name=typed["typed_name"],
        role_title=typed["role_title"],
        statement=statement.text,
        statement_version=statement.version,
        shown_digest=typed["shown_digest"],
        authenticated_at=last_authentication(request),
    )
