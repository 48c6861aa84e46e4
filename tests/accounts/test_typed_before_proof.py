"""What was typed waits for whoever proves who they are: for each page by itself, and not for ever."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import CustomerFactory
from tests.proof import sign_in, sign_in_long_ago

pytestmark = pytest.mark.django_db
TOKENS = reverse("accounts:tokens")


def value_of(client, page, field):
    return client.get(page).context["form"][field].value()


@pytest.fixture
def people(northlake):
    return reverse("accounts:people", args=[northlake.pk])


def test_two_pages_wait_beside_each_other(client, carl, people):
    sign_in_long_ago(client, carl)
    client.post(people, {"email": "ines@northlake.example", "role": "viewer"})
    client.post(TOKENS, {"name": "export", "scope": "read", "days": "7"})
    sign_in(client, carl)

    assert value_of(client, people, "email") == "ines@northlake.example"
    assert value_of(client, TOKENS, "name") == "export"
    assert value_of(client, TOKENS, "name") is None, "told once"


def test_what_was_left_for_half_an_hour_does_not_come_back(client, carl, people, time_machine):
    sign_in_long_ago(client, carl)
    client.post(people, {"email": "ines@northlake.example", "role": "viewer"})
    time_machine.move_to(timezone.now() + timedelta(minutes=31))
    sign_in(client, carl)

    assert not value_of(client, people, "email")
    assert "You have confirmed who you are" not in client.get(people).content.decode()


def test_the_five_pages_that_were_left_last_wait(client, olga, consultancy):
    pages = [reverse("accounts:people", args=[CustomerFactory().pk]) for _ in range(6)]
    sign_in_long_ago(client, olga)
    for page in pages:
        client.post(page, {"email": "ines@northlake.example", "role": "viewer"})

    assert list(client.session["typed-before-proof"]) == pages[1:]
