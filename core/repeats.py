"""The same request sent twice is done once: Idempotency-Key, after the IETF's draft of that header.

The act and what was answered to it are one transaction, so that there is never the one without the other: what was
refused, or broke off, was not done and is tried anew. Keys are those of one caller, a person's session or one token.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from core.errors import Conflict, DomainError, UnderWay
from core.models import KeptAnswer
from core.sealing import seal, unseal
from core.turns import takes_turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import Model, QuerySet
    from django.http import HttpResponseBase
    from rest_framework.request import Request

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 200
PURPOSE = "kept answer"
# What a program goes on with, beside the body.
KEPT_HEADERS = ("ETag", "Location")
REFUSED = 400


class KeyUnreadable(DomainError):  # noqa: N818 (named as the sentence it becomes)
    """What stands in the header is no key."""

    status_code = 400


def answer_once(act: Callable[[], HttpResponseBase], request: Request, *, shows_secret: bool) -> HttpResponseBase:
    """Do it and keep the answer, or tell the answer that is kept.

    Raises UnderWay while the same key is worked on, and DomainError when it came with another request before.
    """
    name, asked = _caller_and_key(request), _request_digest(request)
    with transaction.atomic():
        _lock(name)
        over_now().filter(caller_and_key=name).delete()
        if kept := KeptAnswer.objects.filter(caller_and_key=name).first():
            return _told_again(kept, asked)
        answer = act()
        if answer.status_code >= REFUSED:
            transaction.set_rollback(True)
            return answer
        KeptAnswer.objects.create(
            person=request.user if request.user.is_authenticated else None,
            caller_and_key=name,
            request_digest=asked,
            answer=seal(_written(answer), purpose=PURPOSE)
            if isinstance(answer, Response) and not shows_secret
            else b"",
        )
    return answer


def over_now() -> QuerySet[KeptAnswer]:
    """Answers that are told no more."""
    return KeptAnswer.objects.filter(at__lt=timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS))


def clear_answers() -> int:
    """Delete answers that are told no more. Returns how many there were."""
    count, _ = over_now().delete()
    return count


def _caller_and_key(request: Request) -> str:
    key = request.headers[HEADER].strip()
    if len(key) > 1 and key.startswith('"') and key.endswith('"'):
        key = key[1:-1]
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise KeyUnreadable(f"{HEADER} has to be 1 to {LONGEST} visible characters of ASCII. Nothing was done.")
    caller = cast("Model", request.auth or request.user)  # a token, a line to a proxy, or a person
    return _digest({"caller": [caller._meta.label, str(caller.pk)], "key": key})


def _request_digest(request: Request) -> str:
    """Keyed, because passwords are among what is sent."""
    sent = request.data
    if isinstance(sent, QueryDict):
        sent = {name: [_said(one) for one in sent.getlist(name)] for name in sent}
    about = [request.method, request.get_full_path(), request.headers.get("If-Match", "")]
    return _digest({"about": about, "sent": sent})


def _said(value: str | UploadedFile) -> Any:
    """A field of a form; of a file its name and digest. It stands at its beginning again afterwards."""
    if isinstance(value, str):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def _digest(words: dict[str, Any]) -> str:
    return salted_hmac("core.repeats", json.dumps(words, sort_keys=True), algorithm="sha256").hexdigest()


def _lock(name: str) -> None:
    """Until the transaction ends. Raises UnderWay when another request holds it."""
    if not takes_turn(name):
        raise UnderWay(f"A request with this {HEADER} is being worked on. Nothing is done twice: ask again shortly.")


def _written(answer: Response) -> bytes:
    headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
    written: bytes = JSONRenderer().render({"status": answer.status_code, "headers": headers, "body": answer.data})
    return written


def _told_again(kept: KeptAnswer, asked: str) -> Response:
    if kept.request_digest != asked:
        raise DomainError(f"This {HEADER} came with another request before. Nothing was done: send a new key with it.")
    when = f"{kept.at:%Y-%m-%d %H:%M} UTC"
    if not kept.answer:
        raise Conflict(
            f"This was done on {when}. Its answer, a file or a secret shown once, is not kept: ask under a new key."
        )
    try:
        told = json.loads(unseal(bytes(kept.answer), purpose=PURPOSE))
    except InvalidToken:
        raise Conflict(f"This was done on {when}. What was answered cannot be read any more.") from None
    return Response(told["body"], status=told["status"], headers={**told["headers"], REPLAYED: "true"})
