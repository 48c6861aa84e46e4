"""What moved in the records between two versions of a document."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import Permission, allowed
from accounts.reader import reader_of
from engagements.changes import changed_fields
from engagements.content import both_sides, wording_of
from engagements.found import find_engagement, find_versions
from engagements.models import FrozenDocument, Gate
from engagements.views.page_context import page_context

PER_PAGE = 100


@require_safe
@login_required
def difference(request: HttpRequest, code: str, pk: int, earlier: int) -> HttpResponse:
    """Field by field: what the earlier version said and what this one says."""
    engagement = find_engagement(request, code)
    before, after = find_versions(request, engagement, earlier, pk)
    changes = changed_fields(*both_sides(before, after.snapshot), wording_of(after))
    page = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    gate = after.gate
    reader = reader_of(request)
    context = page_context(
        engagement,
        before=before,
        after=after,
        gate=gate,
        page=page,
        may_sign=_may_sign(reader, after),
        signed=before.signoffs.filter(signed_by=reader).first(),
    )
    return render(request, "engagements/difference.html", context)


def _may_sign(reader: User, document: FrozenDocument) -> bool:
    """Whether this version is out and waits for this reader."""
    gate = document.gate
    if gate is None or gate.state != Gate.State.SUBMITTED or gate.current_document_id != document.pk:
        return False
    awaited = document.required_signers.unsigned().filter(user=reader).exists()
    return awaited and bool(allowed(reader, Permission.SIGN, gate.engagement.organization, phase=gate.number))
