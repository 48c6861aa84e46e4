import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Invitation, Organization, User

pytestmark = pytest.mark.django_db

NAMED = {"name": "Olga Ferrer", "consultancy": "Email Migration Practice"}


def create_owner(email="olga@practice.example", **options):
    out = io.StringIO()
    call_command("create_owner", email, **(NAMED | options), stdout=out)
    return out.getvalue()


def type_password(monkeypatch, password):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))


def test_an_empty_portal_gets_its_consultancy_and_an_owner_who_cannot_sign_in_yet():
    create_owner()

    consultancy = Organization.objects.consultancy()
    membership = consultancy.memberships.get()
    assert (consultancy.name, membership.role) == ("Email Migration Practice", "owner")
    assert not membership.user.has_usable_password()


def test_the_printed_link_is_taken_once(client):
    path = re.search(r"/people/invitations/\S+", create_owner())[0]

    page = client.post(path, {"full_name": "Olga Ferrer", "password": "wandering quince 41"})
    client.logout()
    again = client.post(path, {"full_name": "Not Olga", "password": "wandering quince 42"})

    owner = User.objects.get()
    assert (page.status_code, page.url) == (302, reverse("home"))
    assert owner.check_password("wandering quince 41")
    assert again.status_code == 410
    assert owner.memberships.get().role == "owner"


def test_a_password_from_standard_input_needs_no_link(monkeypatch):
    type_password(monkeypatch, "wandering quince 41")

    said = create_owner(password_stdin=True)

    assert "http" not in said
    assert "wandering" not in said
    assert User.objects.get().check_password("wandering quince 41")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("password", ["", "short", "password1234"])
def test_a_weak_password_sets_nothing_up(monkeypatch, password):
    type_password(monkeypatch, password)

    with pytest.raises(CommandError):
        create_owner(password_stdin=True)

    assert not User.objects.exists()
    assert not Organization.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"email": "olga"}, "valid email"), ({"time_zone": "Mars/Olympus"}, "no time zone")],
)
def test_what_is_wrong_is_said_and_sets_nothing_up(changes, sentence):
    with pytest.raises(CommandError, match=sentence):
        create_owner(**changes)

    assert not User.objects.exists()


def test_a_portal_has_one_consultancy(olga):
    with pytest.raises(CommandError, match="has its consultancy already"):
        create_owner("second@practice.example")

    assert list(User.objects.all()) == [olga]
