"""Work of the beat. Each task is one call of the domain."""

from celery import shared_task

from delivery.domain.close_window import check_all_armed
from delivery.domain.judge_watch import judge_all
from delivery.domain.read_mailbox import ask_all
from delivery.domain.tell_webhook import tell_all
from delivery.domain.watch_triggers import watch_all


@shared_task(name="delivery.watch_triggers")  # type: ignore[untyped-decorator]  # celery ships no types
def watch_triggers_task() -> None:
    watch_all()


@shared_task(name="delivery.check_armed")  # type: ignore[untyped-decorator]  # celery ships no types
def check_armed_task() -> None:
    check_all_armed()


@shared_task(name="delivery.tell_webhooks")  # type: ignore[untyped-decorator]  # celery ships no types
def tell_webhooks_task() -> None:
    tell_all()


@shared_task(name="delivery.read_mailboxes")  # type: ignore[untyped-decorator]  # celery ships no types
def read_mailboxes_task() -> None:
    ask_all()


@shared_task(name="delivery.judge_watch")  # type: ignore[untyped-decorator]  # celery ships no types
def judge_watch_task() -> None:
    judge_all()
