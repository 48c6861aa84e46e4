"""What every page that takes a signature needs besides a fresh proof: the form as it was left, the signature itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.middleware import last_authentication
from accounts.proof_views import typed_before
from accounts.reader import reader_of
from engagements.domain.keep_evidence import Signature
from engagements.forms import SignForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from engagements.statements import Statement


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
