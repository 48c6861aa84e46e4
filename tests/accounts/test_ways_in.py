"""What decides over later proofs, an address or a first password, is itself changed by a fresh one."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.ways_in import WAYS_IN
from tests.laws.account_pages import ACCOUNT_PAGES
from tests.proof import sign_in, sign_in_long_ago

pytestmark = pytest.mark.django_db
# What somebody proves who they are with, what leaves, what is for whoever is not signed in, and lists.
CHANGE_NOTHING = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reauthenticate_code",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "mfa_authenticate",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "openid_connect_callback",
    "openid_connect_login",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "usersessions_list",
}
PASSWORDS = {"password1": "a-new-way-into-this-portal", "password2": "a-new-way-into-this-portal"}


@pytest.fixture
def without_password(carl):
    carl.set_unusable_password()
    carl.save()
    return carl


def is_led_to_the_proof(answer):
    return answer.status_code == 302 and answer.url.startswith(reverse("account_reauthenticate"))


def test_an_open_session_sets_no_first_password_on_an_old_proof(client, without_password):
    page = reverse("account_set_password")
    sign_in_long_ago(client, without_password)

    shown, sent = client.get(page), client.post(page, PASSWORDS)

    without_password.refresh_from_db()
    assert is_led_to_the_proof(shown)
    assert is_led_to_the_proof(sent)
    assert not without_password.has_usable_password()


def test_whoever_came_in_a_moment_ago_sets_their_first_password(client, without_password):
    sign_in(client, without_password)

    sent = client.post(reverse("account_set_password"), PASSWORDS)

    without_password.refresh_from_db()
    assert not is_led_to_the_proof(sent)
    assert without_password.check_password(PASSWORDS["password1"])


@pytest.mark.parametrize("has_password", [True, False])
@pytest.mark.parametrize("sent", [{"action_add": "", "email": "eve@evil.example"}, {"action_primary": ""}])
def test_an_open_session_changes_no_address_on_an_old_proof(client, carl, sent, has_password):
    if not has_password:
        carl.set_unusable_password()
        carl.save()
    EmailAddress.objects.create(user=carl, email=carl.email, primary=True, verified=True)
    EmailAddress.objects.create(user=carl, email="brandt@northlake.example", verified=True)
    before = list(EmailAddress.objects.order_by("pk").values())
    sign_in_long_ago(client, carl)

    answer = client.post(reverse("account_email"), {"email": "brandt@northlake.example", **sent})

    carl.refresh_from_db()
    assert is_led_to_the_proof(answer)
    assert list(EmailAddress.objects.order_by("pk").values()) == before
    assert carl.email == "carl@northlake.example"


@pytest.mark.parametrize("page", sorted(WAYS_IN))
def test_every_page_that_changes_a_way_in_takes_a_fresh_proof_first(client, without_password, page):
    words = {"pk": 1} if page in {"mfa_edit_webauthn", "mfa_remove_webauthn"} else {}
    address = reverse(page, kwargs=words)
    sign_in_long_ago(client, without_password)

    led = [client.get(address), client.post(address)]
    sign_in(client, without_password)
    back = client.get(address)

    assert [is_led_to_the_proof(answer) for answer in led] == [True, True]
    assert not is_led_to_the_proof(back)
    assert not without_password.authenticator_set.exists()


def test_no_page_of_an_account_changes_a_way_in_unseen(without_password):
    """A page that a new version of allauth brings is looked at once: it changes a way in, or stands here."""
    assert {name for name in ACCOUNT_PAGES if name not in CHANGE_NOTHING} == WAYS_IN
