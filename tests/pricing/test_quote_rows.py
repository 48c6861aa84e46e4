"""A row of the list of quotes is told of a few columns, and asks the database for nothing more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.accounts import CustomerFactory
from tests.factories.pricing import make_draft, make_sent_quote

pytestmark = pytest.mark.django_db

ADDRESSES = ("pricing:quotes", "pricing:quotes_csv", "api:quotes:list")


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_page_sheet_and_route_ask_the_same_for_one_quote_and_for_several(client, sam):
    addresses = [reverse(name) for name in ADDRESSES]
    make_draft(CustomerFactory(), actor=sam)
    client.force_login(sam)
    few = [queries_of(client, address) for address in addresses]
    make_draft(CustomerFactory(), actor=sam)
    make_sent_quote(CustomerFactory(), actor=sam)

    many = [queries_of(client, address) for address in addresses]

    assert many == few
    assert len(client.get(addresses[2]).json()["results"]) == 3
