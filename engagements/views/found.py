"""How a view finds what a URL names: always through what this reader may see, else 404."""

from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from engagements.models import Engagement, Gate
from engagements.overview import signed_share


def reader_of(request: HttpRequest) -> User:
    """The signed-in person. Views behind `login_required` alone may call it."""
    return cast("User", request.user)


def find_engagement(request: HttpRequest, code: str) -> Engagement:
    visible = Engagement.objects.visible_to(reader_of(request)).select_related("organization", "lead")
    return get_object_or_404(visible, code=code)


def find_gate(request: HttpRequest, code: str, number: int) -> Gate:
    visible = Gate.objects.visible_to(reader_of(request)).select_related(
        "engagement__organization", "engagement__lead", "current_document"
    )
    return get_object_or_404(visible, engagement__code=code, number=number)


def page_context(engagement: Engagement, **more: Any) -> dict[str, Any]:
    """What every page inside an engagement shows: the engagement and how far it is signed."""
    return {"engagement": engagement, "split_percent": signed_share(list(engagement.gates.all())), **more}
