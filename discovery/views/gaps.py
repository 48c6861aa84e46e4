"""Lines without an equal on the target: what is recommended, what the customer decides, for one or several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission, allowed
from accounts.reader import reader_of
from core.forms import number_in, refusals_into, status_of
from core.history import history_about
from discovery.domain.decide_gaps import decide_gaps, withdraw_decisions
from discovery.domain.lock_gaps import is_plan_out
from discovery.domain.recommend_choice import recommend_choice
from discovery.found import find_decided, find_estate, find_gaps, find_reviewed
from discovery.gap_choices import PRICE
from discovery.gap_forms import DecideForm, RecommendForm, ReopenForm
from discovery.gap_words import in_a_sentence
from discovery.gaps import GapGroup, groups_of, matter_of, progress_of
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from accounts.reader import AnyRequest
    from discovery.models import Gap
    from engagements.models import Engagement

PER_PAGE = 200
MOST_EVENTS = 50


@require_safe
@login_required
def translation_gaps(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    groups = groups_of(find_gaps(request, engagement))
    context = _context(
        request,
        engagement,
        waiting=[group for group in groups if group.waiting],
        decided=[group for group in groups if not group.waiting],
        is_translated=engagement.translations.exists(),
    )
    return render(request, "discovery/gaps.html", context)


@require_safe
@login_required
def translation_gap(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A gap with all others that differ from it in nothing but their lines."""
    engagement = find_estate(request, code)
    gap = get_object_or_404(find_gaps(request, engagement), number=number)
    return _page(request, engagement, gap, None)


@require_POST
@login_required
def translation_gaps_decide(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_decided(request, code)
    if (gap := _about(request, engagement)) is None:
        return _unreadable()
    form = DecideForm(request.POST, targets=[gap.target], is_plan_out=is_plan_out(engagement))
    if form.is_valid():
        with refusals_into(form):
            typed, versions = form.cleaned_data, _versions(request)
            decided = decide_gaps(
                engagement,
                versions=versions,
                choice=typed["choice"],
                note=typed["note"],
                is_reopening=form.may_reopen,
                actor=reader_of(request),
            )
            messages.success(request, f"{_count(decided)} decided: {in_a_sentence(decided[0].get_choice_display())}.")
            return redirect("discovery:translation_gaps", code)
    return _page(request, engagement, gap, form)


@require_POST
@login_required
def translation_gaps_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_decided(request, code)
    if (gap := _about(request, engagement)) is None:
        return _unreadable()
    form = ReopenForm(request.POST, is_plan_out=is_plan_out(engagement))
    form.full_clean()
    versions, actor = _versions(request), reader_of(request)
    taken = withdraw_decisions(engagement, versions=versions, actor=actor, is_reopening=form.may_reopen)
    messages.success(request, f"{_count(taken)} taken back. They wait for a decision again.")
    return redirect("discovery:translation_gap", code, gap.number)


@require_POST
@login_required
def translation_gaps_recommend(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_reviewed(request, code)
    if (gap := _about(request, engagement)) is None:
        return _unreadable()
    form = RecommendForm(request.POST, targets=[gap.target])
    if form.is_valid():
        with refusals_into(form):
            versions, actor = _versions(request), reader_of(request)
            told = recommend_choice(engagement, versions=versions, actor=actor, **form.cleaned_data)
            messages.success(request, f"The recommendation stands on {_count(told).lower()}.")
            return redirect("discovery:translation_gaps", code)
    return _page(request, engagement, gap, form)


def _about(request: HttpRequest, engagement: Engagement) -> Gap | None:
    """The gap on whose page the form stood; None where the form does not name one."""
    number = number_in(request.POST.get("about", ""))
    return find_gaps(request, engagement).filter(number=number).first()


def _unreadable() -> HttpResponse:
    said = "Name the gap as “about”: the number of one that is current."
    return HttpResponseBadRequest(said, content_type="text/plain")


def _versions(request: HttpRequest) -> dict[int, int]:
    """The ticked lines, each as `number:version` of what was on screen. What is written otherwise counts as 0."""
    pairs = [one.partition(":") for one in request.POST.getlist("gap")]
    return {number_in(number): number_in(version) for number, _, version in pairs}


def _count(gaps: list[Gap]) -> str:
    return f"{len(gaps)} line{'' if len(gaps) == 1 else 's'}"


def _page(request: HttpRequest, engagement: Engagement, gap: Gap, form: Form | None) -> HttpResponse:
    group = GapGroup([each for each in find_gaps(request, engagement) if matter_of(each) == matter_of(gap)])
    page = Paginator(group.gaps, PER_PAGE).get_page(request.GET.get("page"))
    gaps = list(page.object_list)
    chosen = set(_versions(request)) if form else {each.number for each in group.waiting or group.gaps}
    context = _context(request, engagement, group=group, gap=gap, page=page, ticked=chosen)
    if form is None and context["may_decide"]:
        form = DecideForm(targets=[gap.target], is_plan_out=is_plan_out(engagement), initial=_initial(group))
    elif form is None and context["may_review"] and group.waiting:
        form = RecommendForm(targets=[gap.target], initial=_recommended(group))
    title = "Your decision" if context["may_decide"] else "Your recommendation"
    context |= {
        "form_title": title,
        "form": form,
        "history": history_about(*gaps, most=MOST_EVENTS),
        "withdrawable": any(g.choice for g in group.gaps),
    }
    return render(request, "discovery/gap.html", context, status=status_of(form) if form else 200)


def _initial(group: GapGroup) -> dict[str, Any]:
    """Nothing is chosen for anybody, unless they chose it themselves before."""
    told = {(gap.choice, gap.note) for gap in group.gaps}
    return dict(zip(("choice", "note"), told.pop(), strict=True)) if len(told) == 1 else {}


def _recommended(group: GapGroup) -> dict[str, Any]:
    gap = group.recommendation
    return {"choice": gap.recommended, "reason": gap.recommendation} if gap else {}


def may_decide(request: AnyRequest, engagement: Engagement) -> bool:
    return bool(allowed(reader_of(request), Permission.DECIDE_GAP, engagement.organization))


def _context(request: HttpRequest, engagement: Engagement, **more: Any) -> dict[str, Any]:
    deciding = may_decide(request, engagement)
    return evidence_context(
        request, engagement, may_decide=deciding, progress=progress_of(engagement), price=PRICE, **more
    )
