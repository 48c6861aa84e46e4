"""Whose signature a document waits for keeps the duty until it is given."""

import pytest

from accounts.domain.give_membership import give_membership
from core.errors import Conflict
from tests.engagements.journey import begin, put_up, sign
from tests.factories.accounts import change_membership, end_membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def membership_of(person, organization):
    return person.memberships.get(organization=organization)


@pytest.fixture
def waiting_for_carl(engagement, carl, ada):
    """The document of phase 1 is out; Carl has to sign it."""
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def test_whose_signature_a_document_waits_for_stays(northlake, waiting_for_carl, carl, lea):
    found = membership_of(carl, northlake)

    with pytest.raises(Conflict, match="waits for the signature of Carl Brandt on phase 1"):
        end_membership(found, actor=lea)
    with pytest.raises(Conflict, match="Before you take this duty away"):
        change_membership(found, role="signatory", duties=[("sign_phase", 2)], actor=lea)

    assert found.duties.count() == 7


def test_another_duty_of_a_required_signer_may_go(northlake, waiting_for_carl, carl, lea):
    found = membership_of(carl, northlake)

    change_membership(found, role="finance", duties=[("sign_phase", 1)], actor=lea)

    assert [str(duty) for duty in found.duties.all()] == ["Signs phase 1"]


def test_who_has_signed_may_go_while_the_other_signer_stays(northlake, engagement, carl, ada, lea, vera):
    give_membership(vera, organization=northlake, role="signatory", duties=[("sign_phase", 1)], actor=lea)
    begin(engagement, accepted_by=carl)
    sign(put_up(engagement, 1, consultant=ada, customer=carl), signer=carl)

    with pytest.raises(Conflict, match="waits for the signature of Vera Holm"):
        end_membership(membership_of(vera, northlake), actor=lea)
    end_membership(membership_of(carl, northlake), actor=lea)

    assert [one.user for one in northlake.memberships.all()] == [vera]
