"""One list: 50 engagements a page out of all, for whoever is signed in."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.generic import ListView

from engagements.models import Engagement


class Engagements(LoginRequiredMixin, ListView):
    queryset = Engagement.objects.select_related("organization", "lead").order_by("-created_at")
    paginate_by = 50
    template_name = "engagements.html"


def answers(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (the shape of a view)
    return HttpResponse("ok")


urlpatterns: list[Any] = [
    path("healthz", answers),
    path("engagements/", Engagements.as_view(), name="list"),
    path("engagements/<str:code>/", Engagements.as_view(), name="detail"),
]
