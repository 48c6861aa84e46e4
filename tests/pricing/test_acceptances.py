"""Whoever verifies the file of a quote learns whether it was accepted, and nothing of signatures."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def ask(client, quote):
    answer = client.get(reverse("verify:fingerprint"), {"digest": quote.document.digest})
    assert answer.status_code == 200
    return answer.text


def test_an_accepted_quote_says_when_and_not_that_nobody_signed(client, accepted):
    page = ask(client, accepted)

    assert f'datetime="{accepted.accepted_at.isoformat(timespec="minutes")[:16]}' in page
    assert "A quote is accepted, not signed." in page
    assert "Signatures" not in page
    assert accepted.accepted_by.email not in page


def test_a_quote_that_nobody_accepted_says_so(client, sent):
    page = ask(client, sent)

    assert "Not accepted: no acceptance of this quote is on record" in page
    assert "Signatures" not in page
