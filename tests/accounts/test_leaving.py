import pytest
from django.urls import reverse

from accounts.domain.change_membership import change_membership
from accounts.domain.end_membership import end_membership
from accounts.domain.give_membership import give_membership
from accounts.models import Membership
from core.errors import Conflict
from core.models import AuditEvent
from tests.engagements.conftest import facts, open_gates  # noqa: F401 (fixtures)
from tests.engagements.journey import begin, put_up, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gates")]


def membership_of(person, organization):
    return Membership.objects.get(user=person, organization=organization)


@pytest.fixture
def waiting_for_carl(engagement, carl, ada):
    """The document of phase 1 is out; Carl has to sign it."""
    begin(engagement, accepted_by=carl)
    return put_up(engagement, 1, consultant=ada, customer=carl)


def test_the_last_owner_stays(consultancy, olga):
    found = membership_of(olga, consultancy)

    with pytest.raises(Conflict, match="Olga Ferrer is the only owner"):
        end_membership(found, actor=olga)
    with pytest.raises(Conflict, match="Olga Ferrer is the only owner"):
        change_membership(found, role="lead", actor=olga)

    found.refresh_from_db()
    assert found.role == "owner"


def test_an_owner_whose_account_is_closed_does_not_count(consultancy, olga, lea):
    give_membership(lea, organization=consultancy, role="owner", actor=olga)
    lea.is_active = False
    lea.save()

    with pytest.raises(Conflict, match="is the only owner"):
        end_membership(membership_of(olga, consultancy), actor=olga)


def test_one_of_two_owners_can_go(consultancy, olga, lea):
    give_membership(lea, organization=consultancy, role="owner", actor=olga)

    end_membership(membership_of(olga, consultancy), actor=olga)

    assert list(consultancy.memberships.filter(role="owner").values_list("user", flat=True)) == [lea.pk]


def test_ending_takes_the_sight_and_leaves_the_account(client, northlake, carl, vera):
    found = membership_of(vera, northlake)
    url = reverse("accounts:membership_end", args=[northlake.pk, found.pk])
    client.force_login(carl)

    asked = client.get(url)
    assert Membership.objects.filter(pk=found.pk).exists()
    client.post(url)

    assert asked.status_code == 200
    assert not Membership.objects.filter(pk=found.pk).exists()
    vera.refresh_from_db()
    assert vera.is_active
    event = AuditEvent.objects.get(action="membership.ended")
    assert (event.actor, event.data["member"]) == (carl, "Vera Holm <vera@northlake.example>")


def test_ending_twice_is_told(northlake, carl, vera):
    found = membership_of(vera, northlake)
    end_membership(membership_of(vera, northlake), actor=carl)

    with pytest.raises(Conflict, match="does not belong to Northlake Logistics any more"):
        end_membership(found, actor=carl)


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
