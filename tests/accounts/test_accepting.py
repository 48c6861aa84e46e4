import logging
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts.domain.accept_invitation import accept_invitation
from accounts.domain.withdraw_invitation import withdraw_invitation
from accounts.models import Invitation, Membership, User
from core.errors import Conflict, DomainError
from core.models import AuditEvent
from tests.factories.accounts import invite_person

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "wandering quince 41"
NEWCOMER = {"full_name": "Ines Roth", "password": NEW_PASSWORD}


def url_of(token):
    return reverse("accounts:invitation", args=[token])


def run_out(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_opening_the_page_says_who_invites_to_what_and_does_nothing(client, ines):
    invitation, token = ines

    page = client.get(url_of(token))

    text = page.content.decode()
    assert page.status_code == 200
    assert all(words in text for words in ("Carl Brandt", "Northlake Logistics", "Contributor", "Signs phase 1"))
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not User.objects.filter(email=invitation.email).exists()


def test_accepting_makes_an_account_a_member_and_signs_in(client, ines, northlake):
    invitation, token = ines

    page = client.post(url_of(token), NEWCOMER, follow=True)

    person = User.objects.get(email="ines@northlake.example")
    membership = Membership.objects.get(user=person)
    assert page.redirect_chain == [(reverse("home"), 302)]
    assert page.wsgi_request.user == person
    assert (membership.organization, membership.role) == (northlake, "contributor")
    assert [str(duty) for duty in membership.duties.order_by("phase")] == ["Signs phase 1", "Signs phase 2"]
    assert person.time_zone == northlake.time_zone
    invitation.refresh_from_db()
    assert invitation.accepted_by == person


def test_accepting_leaves_the_proof_that_signing_asks_for(client, ines):
    _, token = ines

    client.post(url_of(token), NEWCOMER)
    client.post(reverse("accounts:profile"), {"full_name": "Ines A. Roth", "time_zone": "UTC", "theme": "dark"})

    event = AuditEvent.objects.get(action="profile.changed")
    assert event.origin.authentication == "password"


def test_the_link_proves_the_address(client, ines):
    _, token = ines

    client.post(url_of(token), NEWCOMER)

    address = EmailAddress.objects.get(email="ines@northlake.example")
    assert (address.verified, address.primary) == (True, True)


def test_accepting_leaves_two_events(client, ines, carl):
    _, token = ines

    client.post(url_of(token), NEWCOMER)

    person = User.objects.get(email="ines@northlake.example")
    accepted = AuditEvent.objects.get(action="invitation.accepted")
    given = AuditEvent.objects.filter(action="membership.given").latest("pk")
    assert (accepted.actor, accepted.data) == (person, {"email": person.email})
    assert (given.actor, given.data["member"]) == (carl, person.full_label)


@pytest.mark.parametrize("password", ["short", "password1234", "ines@northlake.example"])
def test_a_weak_password_is_refused_and_the_name_stays(client, ines, password):
    _, token = ines

    page = client.post(url_of(token), {"full_name": "Ines A. Roth", "password": password})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["password"]
    assert 'value="Ines A. Roth"' in page.content.decode()
    assert not User.objects.filter(email="ines@northlake.example").exists()


def test_a_second_answer_is_told_that_it_was_accepted(client, ines):
    _, token = ines
    client.post(url_of(token), NEWCOMER)
    client.logout()

    page = client.post(url_of(token), {"full_name": "Somebody Else", "password": NEW_PASSWORD})

    assert page.status_code == 410
    assert "This invitation was accepted on" in page.content.decode()
    assert User.objects.get(email="ines@northlake.example").full_name == "Ines Roth"
    assert Membership.objects.filter(user__email="ines@northlake.example").count() == 1


def test_a_link_that_ran_out_says_until_when_it_was_open(client, ines):
    invitation, token = ines
    run_out(invitation)

    page = client.post(url_of(token), NEWCOMER)

    assert page.status_code == 410
    assert "This invitation was open until" in page.content.decode()
    assert "Ask Carl Brandt for a new one." in page.content.decode()
    assert not User.objects.filter(email="ines@northlake.example").exists()


def test_a_withdrawn_link_says_so(client, ines, carl):
    invitation, token = ines
    withdraw_invitation(invitation, actor=carl)

    page = client.post(url_of(token), NEWCOMER)

    assert page.status_code == 410
    assert "This invitation was withdrawn on" in page.content.decode()
    assert not User.objects.filter(email="ines@northlake.example").exists()


def test_a_link_that_was_cut_off_says_so(client, ines):
    _, token = ines

    page = client.get(url_of(token[:-3]))

    assert page.status_code == 404
    assert "This invitation link is not complete." in page.content.decode()


def test_the_domain_refuses_a_link_that_ran_out(ines):
    invitation, token = ines
    run_out(invitation)

    with pytest.raises(DomainError, match="open until"):
        accept_invitation(token, **NEWCOMER)

    assert not User.objects.filter(email=invitation.email).exists()


def test_the_domain_refuses_a_token_nobody_was_given(ines):
    invitation, token = ines

    with pytest.raises(DomainError, match="not complete"):
        accept_invitation(token + "x", **NEWCOMER)

    assert not User.objects.filter(email=invitation.email).exists()


def test_a_newcomer_without_name_or_password_is_refused(ines, northlake, carl):
    _, token = invite_person("new@northlake.example", organization=northlake, role="viewer", actor=carl)

    with pytest.raises(DomainError, match="Enter your full name and a password"):
        accept_invitation(token, full_name=" ", password=NEW_PASSWORD)
    with pytest.raises(DomainError, match="Enter your full name and a password"):
        accept_invitation(token, full_name="New Person", password="")

    assert not User.objects.filter(email="new@northlake.example").exists()


def test_somebody_else_who_is_signed_in_cannot_take_the_seat(client, ines, vera):
    invitation, token = ines
    client.force_login(vera)

    shown = client.get(url_of(token)).content.decode()
    page = client.post(url_of(token))

    assert "you are signed in as vera@northlake.example" in shown
    assert page.status_code == 422
    assert "This invitation is for ines@northlake.example." in page.content.decode()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert Membership.objects.get(user=vera).role == "viewer"


def test_a_person_with_an_account_signs_in_first_and_comes_back(client, northlake, carl, otto):
    _, token = invite_person(otto.email, organization=northlake, role="viewer", actor=carl)

    asked = client.post(url_of(token), {"full_name": "Not Otto", "password": NEW_PASSWORD})
    client.post(reverse("account_login"), {"login": otto.email, "password": "a-password-of-tests-only"})
    page = client.post(url_of(token), follow=True)

    assert "has an account here" in asked.content.decode()
    assert page.redirect_chain == [(reverse("home"), 302)]
    assert sorted(otto.memberships.values_list("organization__name", flat=True)) == [
        "Beltane Retail",
        "Northlake Logistics",
    ]
    otto.refresh_from_db()
    assert otto.full_name == "Otto Brandl"


def test_the_domain_makes_no_second_account_for_an_address(northlake, carl, otto):
    _, token = invite_person(otto.email.upper(), organization=northlake, role="viewer", actor=carl)

    with pytest.raises(DomainError, match="has an account"):
        accept_invitation(token, **NEWCOMER)

    assert not otto.memberships.filter(organization=northlake).exists()


def test_a_used_link_is_refused_by_the_domain_as_well(ines):
    _, token = ines
    accept_invitation(token, **NEWCOMER)

    with pytest.raises(Conflict, match="This invitation was accepted on"):
        accept_invitation(token, **NEWCOMER)


def test_no_log_line_holds_the_token(client, ines, caplog, capsys):
    _, token = ines
    caplog.set_level(logging.DEBUG)

    client.get(url_of(token))
    client.post(url_of(token), {"full_name": "", "password": ""})
    client.get(reverse("account_login"), {"next": url_of(token)})
    client.get(f"/account/password/reset/key/1-{token}/")

    written = caplog.text + "".join(capsys.readouterr())
    assert "invitations/..." in written
    assert token not in written


def test_the_page_tells_no_other_site_where_the_reader_came_from(client, ines):
    _, token = ines

    page = client.get(url_of(token))

    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("lost", ["membership", "role", "account"])
def test_an_invitation_does_not_outlive_the_rights_of_who_sent_it(client, ines, northlake, carl, lost):
    invitation, token = ines
    if lost == "membership":
        carl.memberships.all().delete()
    if lost == "role":
        carl.memberships.update(role="viewer")
    if lost == "account":
        User.objects.filter(pk=carl.pk).update(is_active=False)

    page = client.post(url_of(token), NEWCOMER)
    with pytest.raises(Conflict, match="Carl Brandt may no longer give this seat at Northlake Logistics"):
        accept_invitation(token, **NEWCOMER)

    assert page.status_code == 410
    assert "For a new invitation, ask sales or a lead at Email Migration Practice." in page.content.decode()
    assert not User.objects.filter(email=invitation.email).exists()


def test_a_role_is_not_given_by_who_may_not_give_it_any_more(consultancy, lea, olga):
    _, token = invite_person("new@practice.example", organization=consultancy, role="consultant", actor=lea)
    lea.memberships.update(role="sales")

    with pytest.raises(Conflict, match=r"For a new invitation, ask Olga Ferrer\."):
        accept_invitation(token, **NEWCOMER)

    assert not User.objects.filter(email="new@practice.example").exists()


def test_nobody_takes_a_seat_they_gave_themselves(northlake, carl):
    _, token = invite_person("second@northlake.example", organization=northlake, role="signatory", actor=carl)
    User.objects.filter(pk=carl.pk).update(email="second@northlake.example")

    with pytest.raises(DomainError, match="You may not give a seat to yourself"):
        accept_invitation(token, user=User.objects.get(pk=carl.pk))

    assert carl.memberships.get().duties.count() == 7
