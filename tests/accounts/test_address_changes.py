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


def test_the_page_of_addresses_speaks_the_words_of_the_house(client, vera):
    EmailAddress.objects.create(user=vera, email=vera.email, primary=True, verified=True)
    other = EmailAddress.objects.create(user=vera, email="holm@northlake.example")
    client.post(reverse("account_login"), {"login": vera.email, "password": PASSWORD})
    address = reverse("account_email")

    page = client.get(address).content.decode()
    refused = client.post(address, {"email": vera.email, "action_remove": ""}, follow=True).content.decode()
    removed = client.post(address, {"email": other.email, "action_remove": ""}, follow=True).content.decode()

    for words in ("Confirmed", "Not confirmed yet", "Main address", "Send the link to confirm it again"):
        assert words in page
    for words in ("Re-send", "Verification", "Unverified", "Primary", "associated with your account"):
        assert words not in page
    assert f"{vera.email} is your main address and was not removed." in refused
    assert f"{other.email} was removed." in removed
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [vera.email]
