"""Work of the beat. Each task calls the domain; of two works, one that fails keeps the other from nothing."""

from celery import shared_task

from core.rounds import in_turn
from engagements.domain.ask_export import clear_exports
from engagements.domain.remind_signers import remind_signers, tell_of_standstills
from engagements.domain.run_retention import run_round, tell_round
from engagements.domain.tell_changes import tell_changes
from engagements.domain.tell_endpoints import tell_endpoints


@shared_task(name="engagements.remind_signers")  # type: ignore[untyped-decorator]  # celery ships no types
def remind_signers_task() -> None:
    in_turn(remind_signers, tell_of_standstills, tell_changes)


@shared_task(name="engagements.end_records")  # type: ignore[untyped-decorator]  # celery ships no types
def end_records_task() -> None:
    in_turn(clear_exports, run_round, _told)


@shared_task(name="engagements.tell_endpoints")  # type: ignore[untyped-decorator]  # celery ships no types
def tell_endpoints_task() -> None:
    tell_endpoints()


def _told() -> int:
    return 1 if tell_round() else 0
