"""Work of the beat. Each task is one call of the domain."""

from celery import shared_task

from reports.domain.clear_previews import clear_previews
from reports.domain.keep_portfolio import keep_portfolio
from reports.domain.tell_portfolio import tell_portfolio
from reports.domain.tell_reviews import tell_reviews


@shared_task(name="reports.clear_previews")  # type: ignore[untyped-decorator]  # celery ships no types
def clear_previews_task() -> None:
    clear_previews()


@shared_task(name="reports.keep_portfolio")  # type: ignore[untyped-decorator]  # celery ships no types
def keep_portfolio_task() -> None:
    keep_portfolio()


@shared_task(name="reports.tell_portfolio")  # type: ignore[untyped-decorator]  # celery ships no types
def tell_portfolio_task() -> None:
    tell_portfolio()


@shared_task(name="reports.tell_reviews")  # type: ignore[untyped-decorator]  # celery ships no types
def tell_reviews_task() -> None:
    tell_reviews()
