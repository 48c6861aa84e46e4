"""What a set holds as files: each of them, all of them, the map as a table, and what differs from another set."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.reader import reader_of
from core.downloads import attachment, spreadsheet
from core.forms import number_in
from discovery.found import find_estate, find_sets, find_translated_file, find_translation
from discovery.models import TranslatedConstruct, TranslatedFile, TranslationSet
from discovery.source import page_of_source
from discovery.translation_evidence import evidence_of
from discovery.translation_map import compare_sets, map_csv
from discovery.views.page_context import evidence_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@login_required
def translation_files(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    shown = find_translation(request, engagement, number)
    evidence = evidence_of(shown)
    files = shown.files.defer("content")
    context = evidence_context(request, engagement, translation=shown, files=files, evidence=evidence)
    return render(request, "discovery/translation_files.html", context)


@require_safe
@login_required
def translation_file(request: HttpRequest, code: str, number: int, path: str) -> HttpResponse:
    engagement = find_estate(request, code)
    shown = find_translation(request, engagement, number)
    file = find_translated_file(request, shown, path)
    source = page_of_source(file.text, line=number_in(request.GET.get("line", "")) or 1)
    context = evidence_context(request, engagement, translation=shown, file=file, source=source)
    return render(request, "discovery/translation_file.html", context)


@require_safe
@login_required
def translation_zip(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Every file of the set; the same set gives the same bytes."""
    shown = find_translation(request, find_estate(request, code), number)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in shown.files.all():
            archive.writestr(_member(file, shown), bytes(file.content))
    return attachment(packed.getvalue(), "application/zip", f"translation-{code}-{number}-{shown.target}.zip")


def _member(file: TranslatedFile, shown: TranslationSet) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(file.path, date_time=shown.made_at.timetuple()[:6])
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


@require_safe
@login_required
def translation_csv(request: HttpRequest, code: str, number: int) -> HttpResponse:
    shown = find_translation(request, find_estate(request, code), number)
    rows = TranslatedConstruct.objects.visible_to(reader_of(request)).filter(translation=shown)
    sheet = map_csv(rows.blocking_first().select_related("upload"))
    return spreadsheet(sheet, f"translation-{code}-{number}-{shown.target}.csv")


@require_safe
@login_required
def translation_comparison(request: HttpRequest, code: str) -> HttpResponse:
    """`?before=1&after=3` are the numbers of two sets of one target; without them the two latest of the chosen one."""
    engagement = find_estate(request, code)
    sets = list(TranslationSet.objects.visible_to(reader_of(request)).filter(engagement=engagement))
    pair = find_sets(request, engagement, sets)
    comparison = compare_sets(*pair) if pair else None
    context = evidence_context(request, engagement, sets=sets, pair=pair, comparison=comparison)
    return render(request, "discovery/translation_compare.html", context)
