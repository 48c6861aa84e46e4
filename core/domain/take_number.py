from django.db import connection

from core.models import Counter


def take_number(name: str) -> int:
    """Return the next number of the named counter. The row stays locked until the caller's transaction ends."""
    if not connection.in_atomic_block:
        raise RuntimeError("take_number() belongs inside the transaction that uses the number")
    Counter.objects.get_or_create(name=name)
    counter = Counter.objects.select_for_update().get(name=name)
    counter.value += 1
    counter.save(update_fields=["value"])
    return counter.value
