from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.rounds import each
from pricing.models import Intake


def erase_intakes() -> int:
    """Erase the words of requests that nobody finished; returns how many. Safe to run twice, or twice at once.

    The row stays without them, so that one can count how many were begun.
    """
    return each(_erase, Intake.objects.forgotten().values_list("pk", flat=True))


@transaction.atomic
def _erase(pk: int) -> bool:
    intake = Intake.objects.forgotten().select_for_update().filter(pk=pk).first()
    if intake is None:
        return False
    intake.typed, intake.erased_at = {}, timezone.now()
    intake.save(update_fields=["typed", "erased_at"])
    record("intake.erased", subject=intake, actor=None)
    return True
