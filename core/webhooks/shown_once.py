"""A new secret stands on the page that follows the form alone: reloaded, it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.webhooks.sealed import secret_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.models import Receiver

_MADE = "webhook_made"


def show_once(request: HttpRequest, receiver: Receiver) -> None:
    """The session holds which one it was and not the secret, which lies sealed."""
    request.session[_MADE] = _mark_of(receiver)


def secret_once(request: HttpRequest, receiver: Receiver | None) -> str:
    """For whoever has just set it, and empty for everybody else and a second time."""
    if receiver is None or request.method != "GET" or request.session.get(_MADE) != _mark_of(receiver):
        return ""
    del request.session[_MADE]
    return secret_of(receiver)


def _mark_of(receiver: Receiver) -> str:
    return f"{receiver._meta.label} {receiver.pk} {receiver.set_at.isoformat()}"
