"""The page of the portfolio for 3 and for 300 engagements: queries, and how long the server takes.

Both answer the same request in the same process; the database is thrown away afterwards. The time of the processor
stands beside that of the clock, which other work on the machine lengthens.

python -m benchmarks.portfolio [ENGAGEMENTS]   # 300 unless told otherwise
"""

import logging
import statistics
import sys
import time
from functools import partial
from typing import Any

from benchmarks.stage import stage

ENGAGEMENTS, FEW, SEED = 300, 3, 9
TURNS = 11
OK = 200


def measure(page: Any) -> tuple[float, float, int]:
    """Median seconds by the clock and of the processor, and the queries of one answer."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    page()
    reset_queries()  # a full log grows no longer
    with CaptureQueriesContext(connection) as asked:
        page()
    queries = len(asked)  # now: each further request empties the log it is counted in
    taken = []
    for _ in range(TURNS):
        started, used = time.perf_counter(), time.process_time()
        page()
        taken.append((time.perf_counter() - started, time.process_time() - used))
    clock, processor = (statistics.median(times) for times in zip(*taken, strict=True))
    return clock, processor, queries


def answer(client: Any, url: str) -> None:
    status = client.get(url).status_code
    if status != OK:
        raise RuntimeError(f"{url} answered {status}")


def people() -> tuple[Any, Any, Any]:
    from accounts.domain.give_membership import give_membership
    from accounts.domain.set_up_consultancy import set_up_consultancy
    from accounts.models import Organization
    from tests.factories.accounts import UserFactory

    owner, lead, sales = UserFactory.create_batch(3)
    set_up_consultancy(name="Benchmark", owner=owner, time_zone="UTC")
    practice = Organization.objects.consultancy()
    for person, role in ((lead, "lead"), (sales, "sales")):
        give_membership(person, organization=practice, role=role, actor=owner)
    return owner, lead, sales


def main(count: int) -> None:
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    import portal.wsgi  # noqa: F401 (as a server loads it)
    from tests.factories.portfolio import make_portfolio

    settings.DEBUG = False  # it would keep every statement
    logging.disable(logging.INFO)
    owner, lead, sales = people()
    client = Client(headers={"host": "localhost"})
    client.force_login(owner)
    pages = {"the page": "portfolio:overview", "a list": "portfolio:projects"}
    for first, more in ((1, FEW), (FEW + 1, count - FEW)):
        started = time.perf_counter()
        make_portfolio(more, seed=SEED, lead=lead, sales=sales, first=first)
        made = time.perf_counter() - started
        total = first + more - 1
        print(f"{total:,} engagements, made in {made:.1f} s")
        for name, address in pages.items():
            clock, processor, queries = measure(partial(answer, client, reverse(address)))
            print(f"  {name}: {1000 * clock:.0f} ms, processor {1000 * processor:.0f} ms, {queries} queries")


if __name__ == "__main__":
    with stage():
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ENGAGEMENTS)
