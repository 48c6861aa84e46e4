"""Sends what waits for a receiver: at least once, each under one id, with growing pauses, and never silently."""

from __future__ import annotations

from datetime import timedelta
from random import SystemRandom
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from django.utils import timezone

from core.errors import DomainError
from core.masking import without_secrets
from core.models import Delivery
from core.webhooks.posting import Answer, load_plan, post, signed_headers
from core.webhooks.sealed import secret_of, unsealed_secret, url_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.models import Receiver

D = TypeVar("D", bound=Delivery)
MOST_KEPT = 2000
_CHANCE = SystemRandom()
GONE = "The webhook was removed."


def send_in_turn(due: Iterable[D], send: Callable[[D], Answer]) -> list[tuple[D, Answer]]:
    """The slow half of a job: what is due, until one is not taken or the turn is over; the next round goes on.

    A worker that dies after it sends them again, under the same ids.
    """
    plan, answers = load_plan(), list[tuple[D, Answer]]()
    last_start = monotonic() + plan.turn - plan.whole
    for delivery in due:
        answers.append((delivery, send(delivery)))
        if not answers[-1][1].is_taken or monotonic() > last_start:
            break
    return answers


def send_to(receiver: Receiver, delivery: Delivery, *, also_signed_with: bytes = b"") -> Answer:
    """`also_signed_with` is the sealed secret before this one, as long as receivers may still hold that."""
    try:
        secrets = [secret_of(receiver), *([unsealed_secret(also_signed_with)] if also_signed_with else [])]
        url = url_of(receiver)
    except DomainError as refusal:
        return Answer(None, str(refusal))
    body, at = delivery.body.encode(), int(timezone.now().timestamp())
    return post(url, body, signed_headers(*secrets, event_id=f"{delivery.event_id}", at=at, body=body))


def note_attempt(delivery: Delivery, answer: Answer) -> bool:
    """Writes down what became of an attempt, under the row's lock. True where it was the last one and not taken."""
    if delivery.has_ended:
        return False
    now, retries = timezone.now(), load_plan().retries
    delivery.status, delivery.said = answer.status, without_secrets(answer.said)[:MOST_KEPT]
    if answer.is_taken:
        delivery.sent_at = now
    elif delivery.attempts < len(retries):
        delivery.available_at = now + pause_after(retries[delivery.attempts], asked=answer.pause)
    else:
        delivery.given_up_at = now
    delivery.attempts += 1
    delivery.save()
    return bool(delivery.given_up_at)


def pause_after(planned: int, *, asked: int) -> timedelta:
    """Never less than what was planned or asked for, and a little more by chance."""
    least = max(planned, asked)
    return timedelta(seconds=least + _CHANCE.uniform(0, least * load_plan().jitter))


def wait_again(delivery: Delivery) -> None:
    """Under the row's lock: it is sent once more at once, with the same words under the same id."""
    delivery.sent_at = delivery.given_up_at = None
    delivery.attempts, delivery.available_at = 0, timezone.now()
    delivery.save()
