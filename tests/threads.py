"""Several people at the same moment: a thread, a connection and a transaction for each."""

import threading

from django.db import connection, transaction

from core.errors import DomainError


def at_once(*acts):
    """Run the acts together. Returns what each gave, or the error of the domain it met; in no particular order."""
    found, start = [], threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            with transaction.atomic():
                given = act()
            found.append(given)
        except DomainError as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def in_threads(count, act):
    return at_once(*[act] * count)
