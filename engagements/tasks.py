"""Work of the beat. Each task is one call of the domain."""

from celery import shared_task

from engagements.domain.remind_signers import remind_signers, tell_of_standstills


@shared_task(name="engagements.remind_signers")  # type: ignore[untyped-decorator]  # celery ships no types
def remind_signers_task() -> None:
    remind_signers()
    tell_of_standstills()
