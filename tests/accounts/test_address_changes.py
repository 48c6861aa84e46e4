import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from core.models import AuditEvent
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_new_address_stands_in_the_ledger_with_the_old_one(client, vera):
    EmailAddress.objects.create(user=vera, email=vera.email, primary=True, verified=True)
    EmailAddress.objects.create(user=vera, email="holm@northlake.example", verified=True)
    client.post(reverse("account_login"), {"login": vera.email, "password": PASSWORD})

    client.post(reverse("account_email"), {"email": "holm@northlake.example", "action_primary": ""})

    vera.refresh_from_db()
    event = AuditEvent.objects.get(action="person.email_changed")
    assert vera.email == "holm@northlake.example"
    assert event.actor == vera
    assert (event.data["before"], event.data["after"]) == ("vera@northlake.example", "holm@northlake.example")
    assert event.origin.authentication == "password"
