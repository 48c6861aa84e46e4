import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demanded(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("name", ["home", "engagements:list", "accounts:profile"])
def test_staff_without_a_second_factor_are_led_to_set_one_up(client, ada, name):
    client.force_login(ada)

    page = client.get(reverse(name))

    assert (page.status_code, page.url) == (302, reverse("mfa_index"))


def test_staff_without_a_second_factor_cannot_act(client, ada):
    client.force_login(ada)

    page = client.post(reverse("accounts:profile"), {"full_name": "Ada Else", "time_zone": "UTC", "theme": "dark"})

    ada.refresh_from_db()
    assert page.url == reverse("mfa_index")
    assert ada.full_name == "Ada Quint"


@pytest.mark.parametrize("name", ["mfa_index", "account_logout", "account_reauthenticate", "mfa_list_webauthn"])
def test_the_way_to_set_one_up_and_the_way_out_stay_open(client, ada, name):
    client.force_login(ada)

    assert client.get(reverse(name)).status_code == 200


def test_setting_up_begins_with_the_password(client, ada):
    client.force_login(ada)

    page = client.get(reverse("mfa_activate_totp"))

    assert page.url.startswith(reverse("account_reauthenticate"))


def test_signing_out_works(client, ada):
    client.force_login(ada)

    client.post(reverse("account_logout"))

    assert not client.get(reverse("account_login")).wsgi_request.user.is_authenticated


def test_staff_with_a_second_factor_go_on(client, ada):
    TOTP.activate(ada, generate_totp_secret())
    client.force_login(ada)

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_customers_decide_for_themselves(client, vera):
    client.force_login(vera)

    assert client.get(reverse("home")).status_code == 200


def test_where_it_is_not_demanded_staff_go_on(client, ada, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(ada)

    assert client.get(reverse("accounts:profile")).status_code == 200
