"""Work of the beat. Each task calls the domain; of two works, one that fails keeps the other from nothing."""

from celery import shared_task

from core.rounds import in_turn
from pricing.domain.erase_intakes import erase_intakes
from pricing.domain.erase_request_drafts import erase_request_drafts
from pricing.domain.expire_quotes import expire_quotes, take_back_cancelled
from pricing.domain.remind_contacts import remind_contacts
from pricing.domain.warn_clocks import warn_clocks
from pricing.domain.warn_ndas import warn_ndas


@shared_task(name="pricing.expire_quotes")  # type: ignore[untyped-decorator]  # celery ships no types
def expire_quotes_task() -> None:
    in_turn(expire_quotes, take_back_cancelled)


@shared_task(name="pricing.warn_clocks")  # type: ignore[untyped-decorator]  # celery ships no types
def warn_clocks_task() -> None:
    in_turn(warn_clocks, warn_ndas)


@shared_task(name="pricing.erase_intakes")  # type: ignore[untyped-decorator]  # celery ships no types
def erase_intakes_task() -> None:
    in_turn(erase_intakes, erase_request_drafts)


@shared_task(name="pricing.remind_contacts")  # type: ignore[untyped-decorator]  # celery ships no types
def remind_contacts_task() -> None:
    remind_contacts()
