"""Cases: what the logs do not account for, by what is alike, and who settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import number_in, refusals_into, status_of
from core.history import history_about
from delivery.case_export import holding, written
from delivery.domain.find_in_logs import lookup_of, request_lookup
from delivery.domain.settle_case import close_case, reopen_case, take_case
from delivery.feedback_queue import items_of
from delivery.found import find_case
from delivery.models import CaseItem, DiscrepancyCase
from delivery.traffic_forms import CaseForm, ReasonForm
from delivery.traffic_state import newest_run
from delivery.views.page_context import parallel_context
from discovery.found import find_estate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from delivery.models import FeedbackItem
    from engagements.models import Engagement

PER_PAGE = 50
MOST_FOUND = 100


@require_safe
@login_required
def cases(request: HttpRequest, code: str) -> HttpResponse:
    """`?q=` looks a message up, by Message-ID, recipient, trace or queue id: in the cases, and in what came back."""
    engagement = find_estate(request, code)
    visible = DiscrepancyCase.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    asked = _words(request, "q")
    context = parallel_context(
        request,
        engagement,
        cases=visible.select_related("owner", "closed_by"),
        asked=asked,
        found=_found(request, engagement, asked) if asked else None,
        told=_told(request, engagement, asked) if asked else None,
        lookup=lookup_of(engagement, asked) if asked else None,
    )
    return render(request, "delivery/cases.html", context)


@require_POST
@login_required
def lookup(request: HttpRequest, code: str) -> HttpResponse:
    """In the kept logs themselves: also what the logs account for."""
    asked = request.POST.get("q", "")
    request_lookup(find_estate(request, code), asked=asked, actor=reader_of(request))
    messages.success(request, "The logs are being read. The lines stand here when they are.")
    return redirect(f"{reverse('parallel:cases', args=[code])}?{urlencode({'q': asked})}")


def _found(request: HttpRequest, engagement: Engagement, asked: str) -> list[CaseItem]:
    plain = asked.strip("<> ")
    visible = CaseItem.objects.visible_to(reader_of(request)).filter(engagement=engagement).select_related("case")
    named = Q(message_id__in=[plain, f"<{plain}>"]) | Q(recipient__iexact=plain) | Q(trace=plain)
    return list(visible.filter(named)[:MOST_FOUND])


def _told(request: HttpRequest, engagement: Engagement, asked: str) -> list[FeedbackItem]:
    """What either server or a mailbox told of it."""
    plain = asked.strip("<> ")
    named = Q(message_id__in=[plain, f"<{plain}>"]) | Q(recipient__iexact=plain) | Q(trace=plain) | Q(queue_id=plain)
    return list(items_of(engagement, reader_of(request)).filter(named)[:MOST_FOUND])


@require_safe
@login_required
def case_export(request: HttpRequest, code: str) -> HttpResponse:
    """All messages that cases list; `?case=` and `?text=` take some of them."""
    engagement = find_estate(request, code)
    items = CaseItem.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    if "case" in request.GET:
        items = items.filter(case__number=number_in(request.GET["case"]))
    return written(holding(items, _words(request, "text")), "messages-of-cases.csv")


def _words(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def case_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    case = find_case(request, engagement, number)
    is_sent = request.method == "POST"
    if is_sent:
        require(reader_of(request), Permission.WORK_TASK, engagement.organization)
    form = CaseForm(request.POST if is_sent else None, initial={"version": case.version})
    if is_sent and form.is_valid():
        with refusals_into(form):
            close_case(case, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"{case} is closed.")
            return redirect("parallel:case", code, number)
    return _page(request, engagement, case, form)


def _page(request: HttpRequest, engagement: Engagement, case: DiscrepancyCase, form: CaseForm) -> HttpResponse:
    text = _words(request, "text")
    items = holding(case.items.select_related("found_in", "seen_in"), text)
    context = parallel_context(
        request,
        engagement,
        case=case,
        form=form,
        reopen_form=ReasonForm(about="Why it is open again", prefix="again"),
        page=Paginator(items, PER_PAGE).get_page(request.GET.get("page")),
        text=text,
        newest=newest_run(engagement),
        history=history_about(case),
    )
    return render(request, "delivery/case.html", context, status=status_of(form))


@require_POST
@login_required
def case_take(request: HttpRequest, code: str, number: int) -> HttpResponse:
    case = find_case(request, find_estate(request, code), number)
    take_case(case, actor=reader_of(request))
    messages.success(request, f"{case} is yours.")
    return redirect("parallel:case", code, number)


@require_POST
@login_required
def case_reopen(request: HttpRequest, code: str, number: int) -> HttpResponse:
    case = find_case(request, find_estate(request, code), number)
    reopen_case(case, reason=request.POST.get("again-reason", ""), actor=reader_of(request))
    messages.success(request, f"{case} is open again.")
    return redirect("parallel:case", code, number)
