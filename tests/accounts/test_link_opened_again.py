"""An invitation link after it was used or withdrawn."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.domain.accept_invitation import accept_proved
from accounts.domain.withdraw_invitation import withdraw_invitation
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

CODE = reverse("account_request_login_code")


def test_it_sends_a_code_to_whoever_accepted_without_a_password(client, ines):
    cache.clear()  # allauth counts there what was asked for
    invitation, token = ines
    accept_proved(invitation)

    page = client.get(reverse("accounts:invitation", args=[token]))
    client.post(CODE, {"email": "ines@northlake.example"})
    code = re.search(r"^[A-Z0-9]+-[A-Z0-9]+$", delivered()[-1].body, re.MULTILINE)[0]
    signed_in = client.post(reverse("account_confirm_login_code"), {"code": code})

    text = page.content.decode()
    assert page.status_code == 410
    assert f'action="{CODE}"' in text
    assert 'name="email" value="ines@northlake.example"' in text
    assert signed_in.url == reverse("home")


def test_withdrawn_it_offers_no_code(client, ines, carl):
    invitation, token = ines
    withdraw_invitation(invitation, actor=carl)

    page = client.get(reverse("accounts:invitation", args=[token]))

    assert page.status_code == 410
    assert "ines@northlake.example" not in page.content.decode()


def test_an_account_that_is_there_already_may_come_in_by_code_and_accept(client, ines, vera):
    invitation, token = ines
    invitation.email = vera.email
    invitation.save()
    vera.set_password("wandering quince 41")
    vera.save()

    page = client.get(reverse("accounts:invitation", args=[token])).content.decode()

    assert f'action="{CODE}"' in page
    assert f'name="next" value="{reverse("accounts:invitation", args=[token])}"' in page
