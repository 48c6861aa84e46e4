"""The collector is offered where a configuration is uploaded, with the fingerprint of exactly these bytes."""

import hashlib

import pytest
from django.urls import reverse

from tests.discovery.collector.conftest import SCRIPT

pytestmark = pytest.mark.django_db


def test_the_page_shows_the_fingerprint_of_what_it_offers(client, ada, engagement):
    client.force_login(ada)

    page = client.get(reverse("discovery:inventory", args=[engagement.code]))
    script = client.get(reverse("discovery:collector", args=[engagement.code]))

    assert script.content == SCRIPT.read_bytes()
    assert script["Content-Type"] == "text/plain; charset=utf-8"
    assert f'data-copy-text="{hashlib.sha256(script.content).hexdigest()}"' in page.content.decode()
