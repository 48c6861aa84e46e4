import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.models import AuditEvent, OutboxMessage
from core.outbox import words_of
from tests.accounts.totp import six_digits
from tests.conftest import PASSWORD
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

PROFILE = {"full_name": "Somebody", "time_zone": "UTC", "theme": "light"}


def sign_in(client, person, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": person.email, "password": password})


def proofs_of_the_next_act(client):
    client.post(reverse("accounts:profile"), PROFILE)
    return AuditEvent.objects.get(action="profile.changed").origin.authentication


def set_up_totp(client):
    """Through the pages: the password once more, then the digits. Returns the last page and the secret."""
    asked = client.get(reverse("mfa_activate_totp"))
    client.post(asked.url, {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    return client.post(reverse("mfa_activate_totp"), {"code": six_digits(secret)}, follow=True), secret


def test_a_password_signs_in_and_is_named_as_the_proof(client, vera):
    page = sign_in(client, vera)

    assert (page.status_code, page.url) == (302, reverse("home"))
    assert proofs_of_the_next_act(client) == "password"


def test_no_script_reads_a_cookie_of_the_portal(client, vera):
    client.get(reverse("account_login"))

    sign_in(client, vera)

    kept = {name: bool(cookie["httponly"]) for name, cookie in client.cookies.items()}
    assert {"csrftoken", "sessionid"} <= kept.keys()
    assert all(kept.values())


def test_a_wrong_password_does_not_sign_in(client, vera):
    page = sign_in(client, vera, "not-the-password-of-vera")

    assert page.status_code == 200
    assert not page.wsgi_request.user.is_authenticated


def test_the_address_may_be_typed_in_capitals(client, vera):
    vera.email = vera.email.upper()

    page = sign_in(client, vera)

    assert page.url == reverse("home")


def test_a_code_by_mail_signs_in(client, vera):
    client.post(reverse("account_request_login_code"), {"email": vera.email})
    sent = delivered()[-1]
    code = re.search(r"^[A-Z0-9]+-[A-Z0-9]+$", sent.body, re.MULTILINE)[0]

    page = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert sent.to == [vera.email]
    assert page.url == reverse("home")
    assert proofs_of_the_next_act(client) == "code"


def test_a_wrong_code_does_not_sign_in(client, vera):
    client.post(reverse("account_request_login_code"), {"email": vera.email})

    page = client.post(reverse("account_confirm_login_code"), {"code": "AAAA-AAAA"})

    assert not page.wsgi_request.user.is_authenticated


def test_nobody_can_sign_up_without_an_invitation(client, db):
    page = client.post(
        reverse("account_signup"), {"email": "new@people.example", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert not page.wsgi_request.user.is_authenticated
    assert "Accounts begin with an invitation" in page.content.decode()
    assert not User.objects.exists()


def test_a_second_factor_is_set_up_and_then_asked_for(client, vera):
    sign_in(client, vera)

    page, secret = set_up_totp(client)
    client.post(reverse("account_logout"))
    # Each digits count once; allauth remembers that in the cache.
    cache.clear()
    asked = sign_in(client, vera)
    client.post(asked.url, {"code": six_digits(secret)})

    assert page.status_code == 200
    assert Authenticator.objects.filter(user=vera, type="totp").count() == 1
    assert asked.url == reverse("mfa_authenticate")
    assert proofs_of_the_next_act(client) == "password, totp"


def test_the_first_factor_alone_does_not_sign_in(client, vera):
    TOTP.activate(vera, generate_totp_secret())
    sign_in(client, vera)

    page = client.get(reverse("home"))

    assert page.status_code == 302
    assert page.url.startswith(reverse("account_login"))


def test_the_list_of_sessions_shows_this_one(client, vera):
    sign_in(client, vera)

    page = client.get(reverse("usersessions_list"), headers={"user-agent": "Testbrowser/1"})

    assert page.status_code == 200
    assert "127.0.0.1" in page.content.decode()


def test_signing_out_asks_first(client, vera):
    client.force_login(vera)

    asked = client.get(reverse("account_logout"))
    assert asked.wsgi_request.user.is_authenticated
    client.post(reverse("account_logout"))

    assert asked.status_code == 200
    assert client.get(reverse("home")).status_code == 302


def test_the_mail_with_the_code_is_worded_here_and_is_text_alone(client, vera):
    client.post(reverse("account_request_login_code"), {"email": vera.email})

    (sent,) = delivered()
    assert sent.subject == "Your sign-in code for Gatepost, valid for 3 minutes"
    assert "whoever enters it acts and signs in your name" in sent.body
    assert "Why you get this: Somebody entered your address at the sign-in page" in sent.body
    assert "example.com" not in sent.body
    assert sent.alternatives == []


def test_an_address_without_an_account_is_told_so_and_gets_no_code(client, vera):
    client.post(reverse("account_request_login_code"), {"email": "somebody@elsewhere.example"})

    (sent,) = delivered()
    assert sent.to == ["somebody@elsewhere.example"]
    assert sent.subject == "No account with this address at Gatepost"
    assert "sign up" not in sent.body


def test_a_code_lies_sealed_in_the_outbox_and_leaves_by_the_worker(client, vera):
    client.post(reverse("account_request_login_code"), {"email": vera.email})

    waiting = OutboxMessage.objects.get()
    before, code = list(mail.outbox), re.search(r"^[A-Z0-9]+-[A-Z0-9]+$", words_of(waiting)[0], re.MULTILINE)[0]
    (sent,) = delivered()

    assert before == []
    assert (waiting.kind, waiting.address, waiting.is_required) == ("account_login_code", vera.email, True)
    assert code not in waiting.text + waiting.subject
    assert code in sent.body


def test_a_new_password_is_asked_for_in_our_words(client, vera):
    client.post(reverse("account_reset_password"), {"email": vera.email})

    (sent,) = delivered()
    assert sent.subject == "Choose a new password for Gatepost"
    assert "http" in sent.body
    assert "Your old password holds until then." in sent.body
    assert "Why you get this: Somebody asked for a new password for your address" in sent.body


def test_after_five_wrong_passwords_the_right_one_waits_and_others_still_get_in(client, vera, carl, time_machine):
    time_machine.move_to(datetime(2026, 11, 27, 9, 30, tzinfo=UTC), tick=False)
    for _ in range(5):
        sign_in(client, vera, "not-the-password-of-vera")

    at_once = sign_in(client, vera)
    of_another = sign_in(Client(REMOTE_ADDR="192.0.2.77"), carl)
    time_machine.shift(timedelta(minutes=6))
    later = sign_in(client, vera)

    assert at_once.status_code == 200
    assert "Too many" in at_once.content.decode()
    assert not at_once.wsgi_request.user.is_authenticated
    assert of_another.url == reverse("home")
    assert later.url == reverse("home")
