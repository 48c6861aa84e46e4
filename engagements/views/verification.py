from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.portal_key import portal_key
from engagements.verification import fingerprint_in, known_document, known_event


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """For everybody who holds a document or a receipt: what this portal knows of its fingerprint."""
    typed = request.GET.get("digest", "")[:200]
    digest = fingerprint_in(typed)
    known = known_document(digest) if digest else None
    event = known_event(digest) if digest and not known else None
    context = {"typed": typed, "digest": digest, "known": known, "event": event, "key": portal_key().fingerprint}
    found = known or event
    with timezone.override(found.zone if found else timezone.get_current_timezone()):
        return render(request, "engagements/verify.html", context)
