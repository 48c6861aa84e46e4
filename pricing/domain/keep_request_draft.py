"""What one person has typed about a request and not saved. Nobody else sees it, so the ledger does not speak of it.

Nor does it wait for the lock of the engagement; what the same person saves and types at once takes turns.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from accounts.permissions import Permission, require
from pricing.models import Request, RequestDraft
from pricing.typed_requests import is_recorded_as, says_nothing_new, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# How late the words of a form may arrive that was saved meanwhile.
LATEST = timedelta(hours=1)


@transaction.atomic
def keep_request_draft(
    request: Request | None, *, actor: User, typed: Mapping[str, str], version: int = 0
) -> RequestDraft | None:
    """Keep it as it was typed, right or wrong; None is a new request. What is stored already is no draft.

    Kept also when the request has changed since `version`.
    """
    _require_editor(request, actor)
    _take_turns(actor)
    words = words_of(typed)
    if _is_stored(words, request, actor):
        RequestDraft.objects.of(request, actor).delete()
        return None
    draft, _ = RequestDraft.objects.update_or_create(
        request=request,
        author=actor,
        defaults={"typed": words, "version": version if request else 0, "saved_at": timezone.now()},
    )
    return draft


@transaction.atomic
def drop_request_draft(request: Request | None, *, actor: User) -> None:
    """Take what is stored instead; for a new request, an empty form."""
    _require_editor(request, actor)
    RequestDraft.objects.of(request, actor).delete()


@contextmanager
def ending_draft(request: Request | None, *, actor: User) -> Iterator[None]:
    """The draft ends together with what is saved inside the block, or with a refusal neither happens."""
    with transaction.atomic():
        _take_turns(actor)
        yield
        RequestDraft.objects.of(request, actor).delete()


def _require_editor(request: Request | None, actor: User) -> None:
    of = request.engagement.organization if request else Organization.objects.consultancy()
    require(actor, Permission.EDIT_REQUEST, of)


def _take_turns(actor: User) -> None:
    """Beware: a form sends its last words shortly after its button was pressed; they must find what was saved."""
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)


def _is_stored(words: Mapping[str, str], request: Request | None, actor: User) -> bool:
    if request:
        return says_nothing_new(words, Request.objects.get(pk=request.pk))
    lately = Request.objects.filter(owner=actor, created_at__gte=timezone.now() - LATEST)
    recorded = lately.select_related("engagement__organization")
    return says_nothing_new(words, None) or any(is_recorded_as(words, one) for one in recorded)
