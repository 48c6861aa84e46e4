import threading
import time

import pytest
from django.db import IntegrityError

from accounts.domain.accept_invitation import accept_invitation
from accounts.domain.give_membership import give_membership
from accounts.models import Invitation, Membership, User
from core.audit import verify_chain
from core.errors import Conflict, DomainError
from core.models import AuditEvent
from tests.factories.accounts import UserFactory, end_membership, invite_person
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told(northlake, carl):
    _, token = invite_person("ines@northlake.example", organization=northlake, role="viewer", actor=carl)

    said = at_once(
        lambda: accept_invitation(token, full_name="Ines Roth", password="wandering quince 41"),
        lambda: accept_invitation(token, full_name="Ines Else", password="wandering quince 42"),
    )

    (told,) = [one for one in said if isinstance(one, Conflict)]
    (person,) = [one for one in said if isinstance(one, User)]
    assert "This invitation was accepted on" in str(told)
    assert list(User.objects.filter(email="ines@northlake.example")) == [person]
    assert AuditEvent.objects.filter(action="invitation.accepted").count() == 1
    assert list(verify_chain("portal")) == []


def test_of_two_owners_who_leave_at_once_one_stays(consultancy, olga, lea):
    give_membership(lea, organization=consultancy, role="owner", actor=olga)
    first, second = Membership.objects.filter(role="owner").select_related("user")
    first_is_gone = threading.Event()

    def go_and_take_time():
        end_membership(first, actor=first.user)
        first_is_gone.set()
        time.sleep(0.3)

    def go_meanwhile():
        first_is_gone.wait()
        end_membership(second, actor=second.user)

    said = at_once(go_and_take_time, go_meanwhile)

    assert ["is the only owner" in str(one) for one in said if one] == [True]
    assert list(Membership.objects.filter(role="owner")) == [second]


def test_of_two_who_invite_an_address_at_once_one_link_stays_open(northlake, carl, olga):
    first_is_sent = threading.Event()

    def invite_and_take_time():
        invite_person("ines@northlake.example", organization=northlake, role="viewer", actor=carl)
        first_is_sent.set()
        time.sleep(0.3)

    def invite_meanwhile():
        first_is_sent.wait()
        invite_person("ines@northlake.example", organization=northlake, role="finance", actor=olga)

    at_once(invite_and_take_time, invite_meanwhile)

    assert [invitation.role for invitation in Invitation.objects.open()] == ["finance"]
    assert Invitation.objects.count() == 2


def test_of_two_sides_that_take_a_person_at_once_one_wins(northlake, consultancy):
    person = UserFactory()
    first_is_in = threading.Event()

    def join_and_take_time():
        Membership.objects.create(user=person, organization=northlake, role="viewer")
        first_is_in.set()
        time.sleep(0.3)

    def join_meanwhile():
        first_is_in.wait()
        try:
            Membership.objects.create(user=person, organization=consultancy, role="sales")
        except IntegrityError as error:
            raise DomainError(str(error)) from error

    said = at_once(join_and_take_time, join_meanwhile)

    assert ["not for both" in str(one) for one in said if one] == [True]
    assert person.memberships.get().organization == northlake
