"""The same form sent twice is done once: a browser that did not hear the answer sends it again when it is reloaded.

Each time a page is drawn its forms get a token of their own (Django masks the one against forgery anew), so that the
same token with the same words at the same address is the same press of a button. The act and where it led are one
transaction. Forms with files, scripts and visitors without an account are not remembered.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.db import connection, transaction
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

from core.errors import DomainError
from core.middleware import came_from, refusal
from core.models import KeptAnswer
from core.pressed import is_pressed
from core.sealing import seal, unseal
from core.turns import wait_for_turn
from core.wording import told

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)
MASKED = 64  # characters; a token of another length was not made for one drawing of a page
PURPOSE = "where a form led"
REDIRECT = 302


class ResentFormMiddleware:
    """Stands last, so that the act is surrounded by nothing but its transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, arguments: tuple[Any, ...], keywords: dict[str, Any]
    ) -> HttpResponse | None:
        if not is_remembered(request):
            return None
        return act_once(request, lambda: view(request, *arguments, **keywords))


def is_remembered(request: HttpRequest) -> bool:
    """Whether somebody who has an account pressed a button of one of our own pages."""
    return is_pressed(request) and request.user.is_authenticated and len(request.POST.get(TOKEN, "")) == MASKED


def act_once(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it and remember where it led, or lead there again. Who presses twice waits for the first to end.

    What was refused, or wrote nothing, is not remembered.
    """
    name = _digest(request)
    with transaction.atomic():
        wait_for_turn(name)
        if kept := KeptAnswer.objects.filter(caller_and_key=name).first():
            return _led_again(request, kept)
        try:
            answer = act()
        except DomainError as error:  # what was counted before it was refused stays counted
            return refusal(request, error)
        if answer.status_code == REDIRECT and _has_written():
            led = seal(answer["Location"].encode(), purpose=PURPOSE)
            KeptAnswer.objects.create(person_id=request.user.pk, caller_and_key=name, request_digest=name, answer=led)
    return answer


def _digest(request: HttpRequest) -> str:
    """Keyed, because what was typed is among it."""
    about = [request.user.pk, request.get_full_path(), sorted(request.POST.lists())]
    return salted_hmac("core.resent", json.dumps(about), algorithm="sha256").hexdigest()


def _has_written() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        return bool(cursor.fetchone()[0])


def _led_again(request: HttpRequest, kept: KeptAnswer) -> HttpResponse:
    messages.info(request, f"This was sent twice. It was done on {told(kept.at)}, and is not done again.")
    try:
        return redirect(unseal(bytes(kept.answer), purpose=PURPOSE).decode())
    except InvalidToken:
        return redirect(came_from(request))
