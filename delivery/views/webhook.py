"""The webhook to the customer's own systems: where it goes, every delivery, sending one again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import EITHER_SIDE, require_any
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from core.webhooks.shown_once import secret_once, show_once
from delivery.domain.set_webhook import remove_webhook, set_webhook, url_for, webhook_of
from delivery.domain.tell_webhook import replay_delivery
from delivery.feedback_forms import WebhookForm
from delivery.found import find_delivery
from delivery.models import WebhookDelivery
from delivery.views.page_context import parallel_context
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from engagements.models import Engagement


PER_PAGE = 25


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def webhook(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_any(reader_of(request), EITHER_SIDE, engagement.organization)
        if form.is_valid():
            with refusals_into(form):
                made, _ = set_webhook(engagement, actor=reader_of(request), **form.cleaned_data)
                show_once(request, made)
                return redirect("feedback:webhook", code)
    return _page(request, engagement, form)


@sensitive_variables("secret")
def _page(request: HttpRequest, engagement: Engagement, form: WebhookForm) -> HttpResponse:
    webhook, reader = webhook_of(engagement), reader_of(request)
    secret = secret_once(request, webhook)
    deliveries = WebhookDelivery.objects.visible_to(reader).filter(engagement=engagement).defer("body")
    context = parallel_context(
        request,
        engagement,
        form=form,
        secret=secret,
        webhook=webhook,
        address=url_for(webhook, reader) if webhook else "",
        page=Paginator(deliveries, PER_PAGE).get_page(request.GET.get("page")),
    )
    return render(request, "delivery/webhook.html", context, status=status_of(form))


@require_POST
@login_required
def webhook_remove(request: HttpRequest, code: str) -> HttpResponse:
    remove_webhook(find_estate(request, code), actor=reader_of(request))
    messages.success(request, "The webhook is removed. Nothing is sent any more; the deliveries stay in the list.")
    return redirect("feedback:webhook", code)


@require_POST
@login_required
def webhook_replay(request: HttpRequest, code: str, number: int) -> HttpResponse:
    delivery = find_delivery(request, find_estate(request, code), number)
    replay_delivery(delivery, actor=reader_of(request))
    messages.success(request, f"{delivery} is sent again, under the same id.")
    return redirect("feedback:webhook", code)
