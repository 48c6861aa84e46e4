"""A person works for the consultancy or for its customers, not for both."""

import pytest
from django.db import IntegrityError, transaction

from accounts.domain.accept_invitation import accept_invitation
from accounts.domain.give_membership import give_membership
from accounts.models import Membership, User
from accounts.permissions import membership_for
from core.errors import DomainError
from tests.factories.accounts import UserFactory, invite_person

pytestmark = pytest.mark.django_db


def test_a_member_of_one_side_is_not_made_a_member_of_the_other(northlake, consultancy, olga, carl, ada):
    with pytest.raises(DomainError, match="Nobody works for the consultancy and for a customer of it"):
        give_membership(ada, organization=northlake, role="signatory", actor=olga)
    with pytest.raises(DomainError, match="Nobody works for the consultancy and for a customer of it"):
        give_membership(carl, organization=consultancy, role="sales", actor=olga)

    assert ada.memberships.get().organization == consultancy
    assert carl.memberships.get().organization == northlake


def test_a_seat_is_not_taken_by_who_joined_the_other_side_meanwhile(northlake, consultancy, olga, carl):
    invitation, token = invite_person("ines@people.example", organization=northlake, role="viewer", actor=carl)
    ines = UserFactory(email="ines@people.example")
    give_membership(ines, organization=consultancy, role="consultant", actor=olga)

    with pytest.raises(DomainError, match=r"ines@people\.example belongs to Email Migration Practice"):
        accept_invitation(token, user=ines)

    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert ines.memberships.get().organization == consultancy


def test_the_database_refuses_a_person_on_both_sides(northlake, consultancy, carl, ada):
    with pytest.raises(IntegrityError, match="not for both"), transaction.atomic():
        Membership.objects.create(user=ada, organization=northlake, role="viewer")
    with pytest.raises(IntegrityError, match="not for both"), transaction.atomic():
        carl.memberships.update(user=ada)

    assert ada.memberships.get().organization == consultancy


def test_the_membership_of_that_very_organization_speaks_first(northlake, consultancy, ada):
    of_the_practice = ada.memberships.get()
    own = Membership(user=ada, organization=northlake, organization_kind="customer", role="viewer")
    reader = User.objects.get(pk=ada.pk)
    reader._memberships = [of_the_practice, own]

    assert membership_for(reader, northlake) is own
    assert membership_for(reader, consultancy) is of_the_practice
