"""What becomes of every construct: the map of a set, a row of it side by side, and the button that makes a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission, allowed
from accounts.reader import reader_of
from core.models import Job
from discovery.dictionary_words import kinds
from discovery.domain.make_translation import make_translation
from discovery.found import find_estate, find_gaps, find_translation
from discovery.gaps import progress_of, targets_of
from discovery.models import StoredFile, TranslatedConstruct
from discovery.source import page_of_source
from discovery.translation.book import load_book
from discovery.translation.constructs import entry_kind
from discovery.translation.coverage import dropped_class, load_estimate
from discovery.translation.not_translated import TITLES
from discovery.translation.translating import EMITTERS
from discovery.translation.treatments import DROPPED
from discovery.translation_map import FATES, LETTERS, MapFilter, class_traffic
from discovery.translation_queries import is_up_to_date, latest_sets, newer_uploads
from discovery.views.gaps import may_decide
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from discovery.models import TranslationSet
    from discovery.source import SourceLine
    from discovery.translation_map import ClassTraffic
    from engagements.models import Engagement

PER_PAGE = 50
AROUND = 3  # lines of the file shown before and after those that say it
MOST_LINES = 40
Lines = list[tuple["SourceLine", bool]]


@require_safe
@login_required
def translation(request: HttpRequest, code: str) -> HttpResponse:
    """The newest set of the target that is asked for, else of the one that was chosen, else of any."""
    engagement = find_estate(request, code)
    sets = latest_sets(engagement, reader_of(request))
    asked = request.GET.get("target", "")
    if asked and asked not in EMITTERS:
        raise Http404
    target = asked or engagement.target or next(iter(sets), "") or next(iter(EMITTERS))
    if target in sets:
        return _page(request, engagement, sets[target], sets)
    context = evidence_context(
        request, engagement, target=TITLES[target], targets=_targets(sets, target), job=_job_of(engagement)
    )
    return render(request, "discovery/translation_empty.html", context)


@require_safe
@login_required
def translation_set(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    sets = latest_sets(engagement, reader_of(request))
    return _page(request, engagement, find_translation(request, engagement, number), sets)


@require_POST
@login_required
def translation_make(request: HttpRequest, code: str) -> HttpResponse:
    make_translation(find_estate(request, code), actor=reader_of(request))
    messages.success(request, "The translation is being made. It stands here when it is ready.")
    return redirect("discovery:translation", code)


def _page(
    request: HttpRequest, engagement: Engagement, shown: TranslationSet, sets: dict[str, TranslationSet]
) -> HttpResponse:
    asked = MapFilter.read(request.GET)
    rows = TranslatedConstruct.objects.visible_to(reader_of(request)).filter(translation=shown)
    page = Paginator(asked.narrow(rows).select_related("upload", "gap"), PER_PAGE).get_page(request.GET.get("page"))
    context = evidence_context(
        request,
        engagement,
        translation=shown,
        newest=sets[shown.target],
        newer=newer_uploads(shown),
        is_outdated=not is_up_to_date(shown),
        sources=shown.sources.select_related("upload"),
        earlier=engagement.translations.filter(target=shown.target, number__lt=shown.number).first(),
        targets=_targets(sets, shown.target),
        job=_job_of(engagement),
        **_words_of(shown, reader_of(request)),
        counts=_counts(shown),
        asked=asked,
        page=page,
        letters=LETTERS,
        fates=FATES,
        progress=progress_of(engagement, shown.target),
        is_to_decide=shown.target in targets_of(engagement),
    )
    return render(request, "discovery/translation.html", context)


def _targets(sets: dict[str, TranslationSet], shown: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "title": TITLES[name], "translation": sets.get(name), "is_shown": name == shown}
        for name in EMITTERS
    ]


def _counts(shown: TranslationSet) -> list[tuple[str, int, int, ClassTraffic | None]]:
    """(letter, constructs, lines, traffic) of each class, the whole before what blocks or is dropped."""
    by_construct, by_line = (shown.coverage[name]["counts"] for name in ("constructs", "lines"))
    order = ("N", "R", "C", "X", "not classified", "dropped")
    traffic = shown.coverage.get("traffic", {})
    return [
        (each, by_construct[each], by_line[each], class_traffic(each, by_construct[each], traffic.get(each)))
        for each in order
    ]


def _words_of(shown: TranslationSet, reader: User) -> dict[str, Any]:
    """What the numbers of a set mean."""
    estimate = load_estimate()
    words = estimate.meaning_of(shown.level)
    of_class = shown.coverage["constructs"]["counts"][DROPPED]
    return {
        "usual_band": estimate.usual,
        "level_words": words,
        "traffic_basis": _basis_of(shown, reader),
        "dropped_words": dropped_class(of_class, shown.dropped_count),
    }


def _basis_of(shown: TranslationSet, reader: User) -> str:
    """What the shares rest on, in a sentence; sets that are older than shares say nothing."""
    said = TranslatedConstruct.objects.visible_to(reader).filter(translation=shown).exclude(traffic={})
    known = said.filter(traffic__basis__in=["measured", "stated"]).first() or said.first()
    return str(known.traffic["why"]) if known else "it was not looked at when this map was made."


def _job_of(engagement: Engagement) -> Job | None:
    """The latest job, as long as it is under way or has failed."""
    latest = Job.objects.of(engagement).filter(kind="translate").first()
    return latest if latest and latest.state != Job.State.DONE else None


@require_safe
@login_required
def translation_row(request: HttpRequest, code: str, number: int, construct: int) -> HttpResponse:
    """Postfix on the left, the target on the right."""
    engagement = find_estate(request, code)
    shown = find_translation(request, engagement, number)
    visible = TranslatedConstruct.objects.visible_to(reader_of(request)).filter(translation=shown)
    row = get_object_or_404(visible.select_related("upload"), number=construct)
    kind = entry_kind(row.kind)
    words = dict(LETTERS)
    context = evidence_context(
        request,
        engagement,
        translation=shown,
        row=row,
        source=_source_of(request, row),
        entry=load_book().find(kind, row.name),
        gap=find_gaps(request, engagement).filter(row=row).first(),
        may_decide=may_decide(request, engagement),
        override_url=_url_of_override(row),
        override_url_to_propose=_url_to_propose(request, engagement, row),
        others=[(TITLES[name], letter, words[letter]) for name, letter in row.letters.items() if name != shown.target],
        before=visible.filter(number__lt=row.number).order_by("-number").first(),
        after=visible.filter(number__gt=row.number).order_by("number").first(),
    )
    return render(request, "discovery/translation_row.html", context)


def _url_of_override(row: TranslatedConstruct) -> str:
    number = row.override.get("reference", "").removeprefix("O-")
    return reverse("dictionary:override", args=[int(number)]) if number else ""


def _url_to_propose(request: HttpRequest, engagement: Engagement, row: TranslatedConstruct) -> str:
    """Where a consultant says otherwise about this very construct."""
    if not allowed(reader_of(request), Permission.EDIT_DICTIONARY, engagement.organization):
        return ""
    kind = entry_kind(row.kind)
    asked = urlencode({"kind": kind, "name": row.name, "engagement": engagement.code})
    return f"{reverse('dictionary:override_propose')}?{asked}" if kind in kinds() else ""


def _source_of(request: HttpRequest, row: TranslatedConstruct) -> Lines:
    """The lines that say it, each marked, with a few around them; none for what no line says."""
    stored = StoredFile.objects.visible_to(reader_of(request)).filter(upload=row.upload, path=row.file).first()
    if stored is None or not row.line:
        return []
    last = row.line + min(row.line_count, MOST_LINES) - 1
    lines = page_of_source(stored.text, line=row.line).lines
    near = [line for line in lines if row.line - AROUND <= line.number <= last + AROUND]
    return [(line, row.line <= line.number <= last) for line in near]
