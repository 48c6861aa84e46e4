"""What every page that takes a signature needs: the form as it was left, a fresh proof, the signature itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.middleware import last_authentication
from accounts.reader import reader_of
from engagements.domain.keep_evidence import Signature
from engagements.forms import SignForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from engagements.statements import Statement

_DRAFT = "sign-draft"
_SAID_ANEW = ("has_read", "is_name_right", "shown_digest")


def sign_form(request: HttpRequest, *, digest: str, kind: Callable[..., SignForm] = SignForm) -> SignForm:
    """The form over the document with this SHA-256; what was typed before a proof was asked for is in it again."""
    reader = reader_of(request)
    draft = request.session.pop(_DRAFT, None) or {}
    return kind(
        request.POST if request.method == "POST" else None,
        profile_name=reader.full_name,
        initial={"role_title": reader.job_title, **draft, "shown_digest": digest},
    )


def is_freshly_authenticated(request: HttpRequest) -> bool:
    at = last_authentication(request)
    return at is not None and at >= timezone.now() - timedelta(seconds=settings.SIGNING_AUTHENTICATION_SECONDS)


def reauthentication_url(request: HttpRequest) -> str:
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}"


def ask_for_proof(request: HttpRequest, form: SignForm) -> HttpResponse:
    """Lead to the proof of who they are; what was typed waits in the session."""
    kept = [name for name in form.fields if name not in _SAID_ANEW]
    request.session[_DRAFT] = {name: form[name].value() for name in kept}
    return redirect(reauthentication_url(request))


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
