from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.portal_key import portal_key
from engagements.verification import fingerprint_in, known_document, known_event


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """For everybody who holds a document or a receipt: what this portal knows of its fingerprint."""
    typed = request.GET.get("digest", "")[:200]
    digest = fingerprint_in(typed)
    context = {
        "typed": typed,
        "digest": digest,
        "known": known_document(digest) if digest else None,
        "event": known_event(digest) if digest else None,
        "key": portal_key().fingerprint,
    }
    return render(request, "engagements/verify.html", context)
