import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_address_of_the_form_opened_by_hand_leads_to_the_quote_and_accepts_nothing(client, sent, carl):
    client.force_login(carl)

    page = client.get(reverse("pricing:accept", args=[sent.reference]))

    sent.refresh_from_db()
    assert page.url == reverse("pricing:quote", args=[sent.reference]) + "#answer"
    assert sent.state == "sent"
