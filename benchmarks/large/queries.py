"""How many queries each page asks, by a client in this process: with the guard, as for its readers."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.large.pages import address_for, measured_engagement, pages, readers

FOUND = 200


def queries_of_all(only: str = "") -> dict[str, int]:
    """By reader and page, and by reader and route."""
    counts = {}
    engagement = measured_engagement()
    people = readers(engagement)
    clients = {name: signed_in(person) for name, person in people.items()}
    for page in pages(engagement):
        for reader in page.readers if page.name.startswith(only) else ():
            addresses = {page.name: address_for(page, people[reader]), f"{page.name}, API": page.route}
            for name, address in addresses.items():
                if address:
                    counts[f"{reader}: {name}"] = queries_of(clients[reader], address)
    return counts


def signed_in(person: Any) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client


def queries_of(client: Client, address: str) -> int:
    """Of the second answer: the first one fills what is kept."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        status = client.get(address).status_code
    if status != FOUND:
        raise RuntimeError(f"{address} answered {status}")
    return len(asked)
