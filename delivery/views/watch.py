"""The watch after the cutover: the new route against the baseline, what is agreed, and the baselines themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.forms import refusals_into, status_of
from delivery.domain.agree_watch import agree_watch, days_promised
from delivery.domain.freeze_baseline import freeze_baseline, freeze_blockers
from delivery.found import find_baseline
from delivery.models import Baseline, InsightCard, SeedResult
from delivery.placement_state import placements_of
from delivery.views.page_context import parallel_context
from delivery.watch.baseline import ALL_DAY, WEEKDAYS, Frozen, short_words
from delivery.watch.book import load_watch
from delivery.watch_figures import material_of
from delivery.watch_forms import AgreeForm
from delivery.watch_rows import day_words, dip_rows, panels_of, placement_rows
from delivery.watch_state import age_of, current_watch, cutover_done, standings_of
from delivery.watch_streams import stream_days_note, stream_rows, streams_note
from discovery.found import find_estate
from discovery.maillog.streams import stream_label
from engagements.today import today_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from delivery.models import Watch
    from engagements.models import Engagement

SHOWN_CLOSED = 10


@require_safe
@login_required
def home(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    return _page(request, engagement, _agree_form(request, engagement))


def _agree_form(request: HttpRequest, engagement: Engagement) -> AgreeForm:
    baselines = Baseline.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    typed = request.POST if request.method == "POST" else None
    return AgreeForm(typed, baselines=baselines, promised=days_promised(engagement))


def _page(request: HttpRequest, engagement: Engagement, form: AgreeForm) -> HttpResponse:
    reader = reader_of(request)
    visible = InsightCard.objects.visible_to(reader).filter(engagement=engagement)
    cards = list(visible.open().select_related("escalated_to", "acknowledged_by"))
    watch = current_watch(engagement)
    context = parallel_context(
        request,
        engagement,
        form=form,
        book=load_watch(),
        dip=dip_rows(),
        cards=cards,
        closed=visible.exclude(closed_at=None).select_related("closed_by")[:SHOWN_CLOSED],
        watch=watch,
        cutover=cutover_done(engagement),
        has_seeds=SeedResult.objects.visible_to(reader).filter(upload__engagement=engagement).exists(),
        baselines=_baselines(request, engagement),
        freeze_reasons=freeze_blockers(engagement),
        **(_figures(watch, cards, request.GET.get("stream", "")) if watch else {}),
    )
    return render(request, "delivery/watch.html", context, status=status_of(form))


def _baselines(request: HttpRequest, engagement: Engagement) -> list[tuple[Baseline, str]]:
    visible = Baseline.objects.visible_to(reader_of(request)).filter(engagement=engagement)
    needed = load_watch().baseline_days
    return [(each, short_words(each.day_count, needed)) for each in visible.select_related("frozen_by")]


def _figures(watch: Watch, cards: list[InsightCard], asked: str) -> dict[str, Any]:
    """Of one stream where one is asked for."""
    material = material_of(watch)
    stream = asked if asked in material.told_streams else ""
    standings, age = standings_of(material), age_of(material)
    by_key = {(card.rule, card.provider, card.stream): card for card in cards}
    return {
        "age": age,
        "days": day_words(material, today_of(watch.engagement)),
        "panels": panels_of(material, standings, by_key, age, stream),
        "stream": stream_label(stream) if stream else "",
        "unknown_stream": asked if asked != stream else "",
        "streams": stream_rows(material, standings, by_key, age),
        "streams_note": streams_note(material),
        "placements": placement_rows(placements_of(watch), standings, by_key, age),
        "short": short_words(watch.baseline.day_count, load_watch().baseline_days),
        "compared_by": material.frozen.kind_words,
        "shown": material.shown,
    }


@require_POST
@login_required
def agree(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_estate(request, code)
    require(reader_of(request), Permission.WORK_TASK, engagement.organization)
    form = _agree_form(request, engagement)
    if form.is_valid():
        with refusals_into(form):
            watch = agree_watch(engagement, actor=reader_of(request), **form.cleaned_data)
            messages.success(request, f"{watch} is entered. It is looked at with each run of the logs.")
            return redirect("watch:home", code)
    return _page(request, engagement, form)


@require_POST
@login_required
def freeze(request: HttpRequest, code: str) -> HttpResponse:
    baseline = freeze_baseline(find_estate(request, code), actor=reader_of(request))
    messages.success(request, f"{baseline} is frozen. Earlier ones stay as they are.")
    return redirect("watch:baseline", code, baseline.number)


@require_safe
@login_required
def baseline(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    found = find_baseline(request, engagement, number)
    content = found.content
    context = parallel_context(
        request,
        engagement,
        baseline=found,
        content=content,
        short=short_words(found.day_count, load_watch().baseline_days),
        weekdays=_by_weekday(content["cells"]),
        hourly_streams=_by_stream(content),
        streams_note=stream_days_note(Frozen(content)),
        now=timezone.now(),
    )
    return render(request, "delivery/baseline.html", context)


def _by_stream(content: dict[str, Any]) -> list[tuple[str, list[tuple[str, int, int, int]]]]:
    """By stream: provider, delivered, bounced, attempts put off. What belongs to none that is told comes last."""
    streams: dict[str, dict[str, list[list[int]]]] = content.get("stream_cells", {})
    ordered = sorted(streams, key=lambda name: (not name, name))
    return [(stream_label(name), [_added(*each) for each in streams[name].items()]) for name in ordered]


def _added(provider: str, cells: list[list[int]]) -> tuple[str, int, int, int]:
    delivered, bounced, put_off = (sum(cell[place] for cell in cells) for place in (2, 3, 4))
    return provider, delivered, bounced, put_off


def _by_weekday(cells: dict[str, list[list[int]]]) -> list[tuple[str, list[tuple[str, int, int, int, int]]]]:
    """By provider: weekday, hours with mail, delivered, bounced, attempts put off."""
    rows = []
    for provider, every in cells.items():
        of_one = []
        for number, name in enumerate(WEEKDAYS):
            own = [cell for cell in every if cell[0] == number]
            if own:
                hours = sum(cell[1] != ALL_DAY for cell in own)
                of_one.append((name, hours, *(sum(cell[place] for cell in own) for place in (2, 3, 4))))
        rows.append((provider, of_one))
    return rows  # type: ignore[return-value]  # three sums, which a generator does not show
