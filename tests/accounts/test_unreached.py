"""Somebody to whom mail came back is told on every page, and ends it by proving an address."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.domain.prove_address import proof_token
from accounts.private_paths import mask_path
from core.domain.note_failure import note_failure
from core.models import FailingAddress, OutboxMessage
from core.outbox import post
from tests.conftest import PASSWORD
from tests.outbox import delivered

pytestmark = pytest.mark.django_db
BANNER = "Mail does not reach you"
CODE = re.compile(r"^[A-Z0-9]+-[A-Z0-9]+$", re.MULTILINE)


def fail(person, *, is_dead=True):
    note_failure(person.email, said="5.1.1 unknown", is_dead=is_dead, came_back=True)
    person.refresh_from_db()


def sign_in(client, person):
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


def shown(client):
    return client.get(reverse("accounts:profile")).content.decode()


def test_the_banner_is_on_the_page_of_whom_it_concerns_and_of_nobody_else(client, carl, vera):
    fail(carl)

    sign_in(client, carl)
    own = shown(client)
    sign_in(client, vera)
    client.force_login(vera)

    assert own.count(BANNER) == 1
    assert "Send a test mail to carl@northlake.example" in own
    assert BANNER not in shown(client)


def test_the_mail_of_the_button_arrives_and_its_link_proves_the_address(client, carl):
    fail(carl)
    kept = post("signed", to=carl, subject="Kept", text="T", reference=carl)
    delivered()
    sign_in(client, carl)
    mail.outbox.clear()

    asked = client.post(reverse("accounts:mail_test"))
    (letter,) = delivered()
    link = re.search(r"/mail/arrives/\S+", letter.body)[0]
    opened = Client().get(link)
    still = FailingAddress.objects.count()
    proved = Client().post(link)

    carl.refresh_from_db()
    assert asked.status_code == 302
    assert (opened.status_code, still, proved.status_code) == (200, 1, 200)
    assert (carl.unreached_since, FailingAddress.objects.count()) == (None, 0)
    assert BANNER not in shown(client)
    delivered()
    kept.refresh_from_db()
    assert kept.sent_at is not None


def test_a_test_mail_is_refused_where_nothing_came_back_and_when_it_is_asked_for_too_often(client, carl):
    sign_in(client, carl)
    early = client.post(reverse("accounts:mail_test"))
    fail(carl)

    answers = [client.post(reverse("accounts:mail_test")).status_code for _ in range(4)]

    assert early.status_code == 409
    assert answers == [302, 302, 302, 429]
    assert OutboxMessage.objects.filter(kind="address_test").count() == 3


@pytest.mark.parametrize("token", ["x", "a:b:c"])
def test_a_link_that_is_not_ours_proves_nothing(client, carl, token):
    fail(carl)

    answer = client.post(reverse("mail:arrives", args=[token]))

    assert answer.status_code == 422
    assert FailingAddress.objects.exists()


def test_a_link_for_an_address_that_is_no_more_proves_nothing(client, carl):
    fail(carl)
    token = proof_token(carl)
    type(carl).objects.filter(pk=carl.pk).update(email="carl@new.example")

    assert client.post(reverse("mail:arrives", args=[token])).status_code == 409
    assert FailingAddress.objects.exists()


def test_the_link_is_in_no_log(carl):
    path = reverse("mail:arrives", args=[proof_token(carl)])

    assert mask_path(path) == "/mail/arrives/.../"


def test_a_code_by_mail_is_sent_all_the_same_and_proves_the_address(client, carl):
    fail(carl)
    delivered()
    mail.outbox.clear()
    client.post(reverse("account_request_login_code"), {"email": carl.email})
    (letter,) = delivered()

    client.post(reverse("account_confirm_login_code"), {"code": CODE.search(letter.body)[0]})

    carl.refresh_from_db()
    assert (carl.unreached_since, FailingAddress.objects.count()) == (None, 0)


def reset_by_mail(client, typed):
    """A new password by the link in the mail that goes to the address which was typed."""
    mail.outbox.clear()
    client.post(reverse("account_reset_password"), {"email": typed})
    (letter,) = [letter for letter in delivered() if letter.to == [typed]]
    form = client.get(re.search(r"/\S*password/reset/key/\S+", letter.body)[0], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "wandering quince 41", "password2": "wandering quince 41"})


def test_a_new_password_proves_the_address_that_was_typed(client, carl):
    fail(carl)

    reset_by_mail(client, carl.email)

    carl.refresh_from_db()
    assert carl.check_password("wandering quince 41")
    assert (carl.unreached_since, FailingAddress.objects.count()) == (None, 0)


def test_a_new_password_by_a_second_address_proves_nothing_of_the_first(client, carl):
    EmailAddress.objects.create(user=carl, email=carl.email, primary=True, verified=True)
    EmailAddress.objects.create(user=carl, email="brandt@northlake.example", verified=True)
    fail(carl)

    reset_by_mail(client, "brandt@northlake.example")

    carl.refresh_from_db()
    assert carl.check_password("wandering quince 41")
    assert carl.unreached_since is not None
    assert FailingAddress.objects.get().address == carl.email


def test_a_password_proves_nothing_of_the_address(client, carl):
    fail(carl)

    sign_in(client, carl)

    carl.refresh_from_db()
    assert carl.unreached_since is not None


def test_a_new_confirmed_address_ends_it_and_what_was_kept_follows(client, vera):
    EmailAddress.objects.create(user=vera, email=vera.email, primary=True, verified=True)
    EmailAddress.objects.create(user=vera, email="holm@northlake.example", verified=True)
    fail(vera)
    post("signed", to=vera, subject="Kept", text="T", reference=vera)
    delivered()
    mail.outbox.clear()
    sign_in(client, vera)

    client.post(reverse("account_email"), {"email": "holm@northlake.example", "action_primary": ""})

    vera.refresh_from_db()
    assert (vera.email, vera.unreached_since) == ("holm@northlake.example", None)
    assert not FailingAddress.objects.exists()
    assert [letter.to for letter in delivered()] == [["holm@northlake.example"]]


def test_an_invitation_that_comes_back_is_shown_and_told_to_whoever_sent_it(client, ines, carl, olga):
    note_failure("ines@northlake.example", said="5.1.1 unknown", is_dead=True, came_back=True)
    client.force_login(carl)

    page = client.get(reverse("accounts:people", args=[ines[0].organization_id])).content.decode()

    assert page.count("Mail to this address comes back") == 1
