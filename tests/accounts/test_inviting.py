import hashlib
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.domain.withdraw_invitation import withdraw_invitation
from accounts.models import Invitation, User
from core.errors import Conflict, DomainError, Refused
from core.models import AuditEvent, OutboxMessage
from core.outbox import deliver_all
from tests.factories.accounts import invite_person

pytestmark = pytest.mark.django_db


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_the_token_stands_in_the_database_as_a_digest_only(ines):
    invitation, token = ines

    row = Invitation.objects.filter(pk=invitation.pk).values().get()

    assert row["token_digest"] == hashlib.sha256(token.encode()).hexdigest()
    assert not any(token in str(value) for value in row.values())
    assert not any(token in str(event.data) for event in AuditEvent.objects.all())


def test_an_invitation_is_open_for_14_days(ines):
    invitation, _ = ines

    left = invitation.expires_at - timezone.now()

    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)


def test_the_mail_says_who_invites_to_what_and_leads_to_the_page(ines, carl):
    _, token = ines

    deliver_all()

    (message,) = mail.outbox
    assert message.to == ["ines@northlake.example"]
    assert message.subject.startswith("Accept Carl Brandt's invitation to Northlake Logistics until ")
    assert "Your role: Contributor." in message.body
    assert "You answer for: Signs phase 1, Signs phase 2." in message.body
    assert reverse("accounts:invitation", args=[token]) in message.body


def test_the_link_is_not_to_be_read_in_the_outbox_while_its_mail_waits(ines):
    _, token = ines

    row = OutboxMessage.objects.filter(kind="invitation").values().get()

    assert row["text"]
    assert not any(token in str(value) for value in row.values())


def test_the_link_is_nowhere_once_the_mail_is_out(ines):
    deliver_all()

    row = OutboxMessage.objects.get(kind="invitation")
    assert row.sent_at is not None
    assert (row.text, row.html) == ("", "")


def test_inviting_leaves_an_event_and_no_account(ines, carl):
    event = AuditEvent.objects.get(action="invitation.sent")

    duties = ["Signs phase 1", "Signs phase 2"]
    told = {"email": "ines@northlake.example", "role": "contributor", "duties": duties}
    assert (event.actor, event.data) == (carl, told)
    assert not User.objects.filter(email="ines@northlake.example").exists()


@pytest.mark.parametrize("person", ["vera", "ada", "otto"])
def test_who_may_not_manage_people_cannot_invite(person, northlake, request):
    actor = request.getfixturevalue(person)

    with pytest.raises(Refused):
        invite_person("new@northlake.example", organization=northlake, role="viewer", actor=actor)

    assert not Invitation.objects.exists()
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("person", ["carl", "sam", "lea", "olga"])
def test_who_manages_people_can_invite(person, northlake, request):
    actor = request.getfixturevalue(person)

    invitation, _ = invite_person("New@Northlake.example ", organization=northlake, role="viewer", actor=actor)

    assert (invitation.email, invitation.invited_by) == ("new@northlake.example", actor)


@pytest.mark.parametrize(
    ("person", "role", "is_given"),
    [
        ("sam", "sales", True),
        ("sam", "consultant", False),
        ("sam", "owner", False),
        ("lea", "consultant", True),
        ("lea", "lead", True),
        ("lea", "owner", False),
        ("olga", "owner", True),
    ],
)
def test_nobody_at_the_consultancy_gives_more_than_they_have(person, role, is_given, consultancy, request):
    actor = request.getfixturevalue(person)

    def invite():
        return invite_person("new@practice.example", organization=consultancy, role=role, actor=actor)

    if is_given:
        assert invite()[0].role == role
    else:
        with pytest.raises(Refused, match=f"you may not give or take the role {role}"):
            invite()


@pytest.mark.parametrize("role", ["owner", "consultant", "emperor"])
def test_a_customer_has_only_the_roles_of_a_customer(role, northlake, carl):
    with pytest.raises(DomainError, match=f"has no role called {role}"):
        invite_person("new@northlake.example", organization=northlake, role=role, actor=carl)


def test_nobody_at_the_consultancy_gets_the_duty_to_sign(consultancy, olga):
    with pytest.raises(DomainError, match="Signing and accepting are the customer's"):
        invite_person(
            "new@practice.example",
            organization=consultancy,
            role="lead",
            duties=[("accept_quotes", None)],
            actor=olga,
        )


def test_a_member_is_not_invited_again(northlake, carl, vera):
    with pytest.raises(Conflict, match="is a member of Northlake Logistics already"):
        invite_person("VERA@northlake.example", organization=northlake, role="finance", actor=carl)


def test_nobody_is_invited_to_the_other_side(northlake, consultancy, carl, olga, ada):
    with pytest.raises(DomainError, match=r"ada@practice\.example belongs to Email Migration Practice"):
        invite_person("Ada@practice.example", organization=northlake, role="viewer", actor=carl)
    with pytest.raises(DomainError, match=r"carl@northlake\.example belongs to Northlake Logistics"):
        invite_person("carl@northlake.example", organization=consultancy, role="sales", actor=olga)

    assert not Invitation.objects.exists()


def test_a_second_invitation_closes_the_first(ines, northlake, carl):
    first, _ = ines

    second, _ = invite_person("ines@northlake.example", organization=northlake, role="viewer", actor=carl)

    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert list(Invitation.objects.open()) == [second]


def test_a_withdrawn_invitation_is_closed_with_a_trace(ines, carl):
    invitation, _ = ines

    withdraw_invitation(invitation, actor=carl)

    assert not Invitation.objects.open().exists()
    assert actions()[-1] == "invitation.withdrawn"


def test_an_invitation_is_withdrawn_once(ines, carl):
    invitation, _ = ines
    withdraw_invitation(invitation, actor=carl)

    with pytest.raises(Conflict, match="This invitation was withdrawn on"):
        withdraw_invitation(invitation, actor=carl)

    assert actions().count("invitation.withdrawn") == 1


def test_a_viewer_cannot_withdraw_an_invitation(ines, vera):
    invitation, _ = ines

    with pytest.raises(Refused):
        withdraw_invitation(invitation, actor=vera)

    assert Invitation.objects.open().exists()
