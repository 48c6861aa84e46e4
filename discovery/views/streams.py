"""Streams: confirmed, named, marked migrate or stay, added and removed by people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, require
from accounts.reader import reader_of
from core.components import HistoryRow
from core.errors import Conflict
from core.forms import move_to_version, refusals_into, status_of
from core.history import history_about
from discovery.domain.add_stream import add_stream
from discovery.domain.remove_stream import remove_stream, restore_stream
from discovery.domain.route_streams import route_streams
from discovery.domain.settle_stream import settle_stream
from discovery.forms import VersionForm
from discovery.found import find_estate, find_reviewed, find_stream
from discovery.parts import part_key
from discovery.stream_forms import RouteForm, StreamForm, StreamVersionForm
from discovery.subjects import BY_SLUG, proposals_of
from discovery.views.page_context import evidence_context
from discovery.views.subjects import subject_page
from engagements.parts import held_part, release_offer

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from discovery.models import Stream


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def stream_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    engagement = find_estate(request, code)
    stream = find_stream(request, engagement, number)
    form = StreamVersionForm(request.POST or None, initial=StreamVersionForm.initial_of(stream))
    if request.method == "POST":
        require(reader_of(request), Permission.REVIEW, engagement.organization)
        form = StreamVersionForm(request.POST)
        if form.is_valid():
            with refusals_into(form):
                version = form.cleaned_data["version"]
                settle_stream(stream, actor=reader_of(request), version=version, text=form.text())
                messages.success(request, f"{stream.reference} is saved.")
                return redirect("discovery:subject", code, "streams")
    return _page(request, stream, form)


def _page(request: HttpRequest, stream: Stream, form: StreamVersionForm) -> HttpResponse:
    """The stream with its form. After a conflict the form is about the version that is shown beside it now."""
    status = status_of(form)
    if status == Conflict.status_code:
        stream = find_stream(request, stream.engagement, stream.number)
        move_to_version(form, request.POST, stream.version)
    held = held_part(stream.engagement, part_key(stream.number))
    context = evidence_context(
        request,
        stream.engagement,
        stream=stream,
        form=form,
        is_conflict=status == Conflict.status_code,
        version_form=VersionForm(initial={"version": stream.version}, auto_id="version_%s"),
        proposals=proposals_of(stream),
        history=_history(stream),
        held=held,
        offer=release_offer(held, reader_of(request)) if held else None,
    )
    return render(request, "discovery/stream.html", context, status=status)


def _history(stream: Stream) -> list[HistoryRow]:
    first = [HistoryRow(at=stream.created_at, sentence="A configuration showed it first")] if stream.key else []
    return [*history_about(stream), *first]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def stream_add(request: HttpRequest, code: str) -> HttpResponse:
    engagement = find_reviewed(request, code)
    form = StreamForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            stream = add_stream(engagement, actor=reader_of(request), text=form.text())
            messages.success(request, f"{stream.reference} {stream.name} is on the list.")
            return redirect("discovery:subject", code, "streams")
    context = evidence_context(request, engagement, form=form)
    return render(request, "discovery/stream_add.html", context, status=status_of(form))


@require_POST
@login_required
def stream_remove(request: HttpRequest, code: str, number: int) -> HttpResponse:
    stream = find_stream(request, find_reviewed(request, code), number)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _page(request, stream, StreamVersionForm(request.POST))
    remove_stream(stream, actor=reader_of(request), version=form.cleaned_data["version"])
    messages.success(request, f"{stream.reference} is off the list. You can bring it back below.")
    return redirect("discovery:subject", code, "streams")


@require_POST
@login_required
def stream_restore(request: HttpRequest, code: str, number: int) -> HttpResponse:
    stream = find_stream(request, find_reviewed(request, code), number)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _page(request, stream, StreamVersionForm(request.POST))
    restore_stream(stream, actor=reader_of(request), version=form.cleaned_data["version"])
    messages.success(request, f"{stream.reference} is on the list again.")
    return redirect("discovery:stream", code, number)


@require_POST
@login_required
def streams_route(request: HttpRequest, code: str) -> HttpResponse:
    """Mark the ticked streams, each as `number:version` of what was on screen."""
    engagement = find_reviewed(request, code)
    try:
        chosen = [tuple(map(int, one.split(":"))) for one in request.POST.getlist("stream")]
        versions = {number: version for number, version in chosen}  # noqa: C416 (each pair has to be a pair)
    except ValueError:
        return HttpResponseBadRequest("Each stream is its number, a colon and its version.", content_type="text/plain")
    form = RouteForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            marked = route_streams(engagement, versions=versions, actor=reader_of(request), **form.cleaned_data)
            count = len(marked)
            messages.success(request, f"{count} stream{'s are' if count != 1 else ' is'} marked.")
            return redirect("discovery:subject", code, "streams")
    typed = {"route_form": form, "ticked": versions}
    return subject_page(request, engagement, BY_SLUG["streams"], status=status_of(form), **typed)
