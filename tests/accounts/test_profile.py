import pytest
from django.urls import reverse

from core.models import AuditEvent

pytestmark = pytest.mark.django_db

URL = "/people/profile/"
TYPED = {"full_name": "Vera Holm", "job_title": "", "time_zone": "Etc/GMT+5", "theme": "system", "has_shortcuts": "on"}


def test_the_profile_is_saved_and_recorded(client, vera):
    client.force_login(vera)

    page = client.post(URL, TYPED | {"job_title": "CFO", "time_zone": "Europe/Berlin", "theme": "dark"}, follow=True)

    vera.refresh_from_db()
    assert page.redirect_chain == [(URL, 302)]
    assert (vera.job_title, vera.time_zone, vera.theme) == ("CFO", "Europe/Berlin", "dark")
    event = AuditEvent.objects.get(action="profile.changed")
    assert event.data == {
        "before": {"job_title": "", "time_zone": "Etc/GMT+5", "theme": "system"},
        "after": {"job_title": "CFO", "time_zone": "Europe/Berlin", "theme": "dark"},
    }


def test_saving_the_same_again_leaves_no_trace(client, vera):
    client.force_login(vera)

    client.post(URL, TYPED)

    assert not AuditEvent.objects.filter(action="profile.changed").exists()


def test_shortcuts_can_be_switched_off(client, vera):
    client.force_login(vera)

    client.post(URL, {key: value for key, value in TYPED.items() if key != "has_shortcuts"})

    page = client.get(URL).content.decode()
    vera.refresh_from_db()
    assert not vera.has_shortcuts
    assert 'data-shortcuts="on"' not in page


def test_an_unknown_zone_is_refused_and_what_was_typed_stays(client, vera):
    client.force_login(vera)

    page = client.post(URL, TYPED | {"time_zone": "Mars/Olympus", "job_title": "CFO"})

    vera.refresh_from_db()
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["time_zone"]
    assert 'value="CFO"' in page.content.decode()
    assert (vera.time_zone, vera.job_title) == ("Etc/GMT+5", "")


def test_the_zones_are_those_of_the_world(client, vera):
    client.force_login(vera)

    zones = [zone for zone, _ in client.get(URL).context["form"].fields["time_zone"].choices]

    assert {"Europe/Berlin", "America/Bogota", "Etc/GMT+5", "UTC"} <= set(zones)
    assert zones == sorted(zones)


def test_a_name_that_is_empty_is_refused_and_the_masthead_keeps_the_name(client, vera):
    client.force_login(vera)

    page = client.post(URL, TYPED | {"full_name": " "})

    vera.refresh_from_db()
    assert page.status_code == 422
    assert vera.full_name == "Vera Holm"
    assert "Vera Holm" in page.content.decode()


def test_the_page_leads_to_the_rest_of_the_account(client, vera, northlake):
    client.force_login(vera)

    page = client.get(URL).content.decode()

    names = ("account_email", "account_change_password", "mfa_index", "usersessions_list")
    assert all(f'href="{reverse(name)}"' in page for name in names)
    assert reverse("accounts:people", args=[northlake.pk]) in page


def test_dates_follow_the_zone_of_the_reader(client, vera):
    client.force_login(vera)
    client.post(URL, TYPED | {"time_zone": "Asia/Kathmandu"})

    client.post(URL, TYPED | {"time_zone": "Asia/Kathmandu", "job_title": "CFO"})

    assert AuditEvent.objects.filter(action="profile.changed").latest("pk").origin.time_zone == "Asia/Kathmandu"
