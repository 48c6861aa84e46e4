"""Who named somebody to bind a customer is kept, told to the customer's own signatories, and stays."""

import pytest

from accounts.domain.accept_invitation import accept_invitation
from accounts.domain.give_membership import give_membership
from accounts.models import Duty, Membership
from core.models import AuditEvent, OutboxMessage
from tests.factories.accounts import change_membership, invite_person

pytestmark = pytest.mark.django_db

SIGNS_FIRST = [("sign_phase", 1)]
SAM = "Sam Ortiz <sam@practice.example>, Email Migration Practice"
CARL = "Carl Brandt <carl@northlake.example>, Northlake Logistics"


def given(person):
    return {str(duty): duty.given_by_label for duty in Duty.objects.filter(membership__user=person)}


def mails():
    return [(mail.recipient.email, mail.subject) for mail in OutboxMessage.objects.filter(kind="duty_given")]


def test_an_invitation_of_the_consultancy_with_a_duty_to_sign_is_told_to_who_signs_already(northlake, carl, vera, sam):
    _, token = invite_person(
        "paula@freemail.example", organization=northlake, role="signatory", duties=SIGNS_FIRST, actor=sam
    )
    person = accept_invitation(token, full_name="Paula Reyes", password="a-password-of-tests-only")

    assert given(person) == {"Signs phase 1": SAM}
    assert mails() == [
        (carl.email, "paula@freemail.example was named for Northlake Logistics: Signs phase 1"),
    ]
    assert SAM in OutboxMessage.objects.get(kind="duty_given").text
    assert AuditEvent.objects.get(action="invitation.sent").data["duties"] == ["Signs phase 1"]


def test_an_invitation_without_such_a_duty_or_by_the_customer_tells_nobody(northlake, carl, sam):
    invite_person("a@northlake.example", organization=northlake, role="viewer", actor=sam)
    invite_person(
        "b@northlake.example", organization=northlake, role="viewer", duties=[("order_rollback", None)], actor=sam
    )
    invite_person("c@northlake.example", organization=northlake, role="signatory", duties=SIGNS_FIRST, actor=carl)

    assert mails() == []


def test_a_duty_that_stays_stays_given_by_whoever_gave_it_and_only_new_ones_are_told(northlake, carl, vera, sam):
    membership = Membership.objects.get(user=vera, organization=northlake)
    change_membership(membership, role="viewer", duties=SIGNS_FIRST, actor=carl)

    change_membership(membership, role="viewer", duties=[*SIGNS_FIRST, ("sign_phase", 2)], actor=sam)

    assert given(vera) == {"Signs phase 1": CARL, "Signs phase 2": SAM}
    assert mails() == [
        (carl.email, "Vera Holm <vera@northlake.example> was named for Northlake Logistics: Signs phase 2")
    ]


def test_a_duty_that_was_taken_and_given_again_is_given_by_the_later_one(northlake, carl, vera, olga, sam):
    give_membership(vera, organization=northlake, role="viewer", duties=SIGNS_FIRST, actor=carl)
    give_membership(vera, organization=northlake, role="viewer", actor=carl)

    give_membership(vera, organization=northlake, role="viewer", duties=SIGNS_FIRST, actor=sam)

    assert given(vera) == {"Signs phase 1": SAM}
