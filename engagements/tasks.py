"""Work of the beat. Each task calls the domain; of two works, one that fails keeps the other from nothing."""

from celery import shared_task

from core.rounds import in_turn
from engagements.domain.remind_signers import remind_signers, tell_of_standstills


@shared_task(name="engagements.remind_signers")  # type: ignore[untyped-decorator]  # celery ships no types
def remind_signers_task() -> None:
    in_turn(remind_signers, tell_of_standstills)
