import pytest
from django.urls import reverse

from accounts.domain.give_membership import give_membership
from accounts.models import Membership
from core.errors import Conflict
from core.models import AuditEvent
from tests.factories.accounts import change_membership, end_membership

pytestmark = pytest.mark.django_db


def membership_of(person, organization):
    return Membership.objects.get(user=person, organization=organization)


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
