"""Who is asked nothing about single customers: what is theirs everywhere is what each customer would answer."""

import pytest

from accounts.domain.make_service_user import make_service_user
from accounts.models import Organization
from accounts.permissions import FOR_PEOPLE, Permission, allowed, organizations_where
from accounts.reach import is_given_everywhere, sees_every_engagement
from engagements.models import Engagement

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(olga, lea, sam, ada, carl, otto, consultancy, engagement):
    made = [make_service_user(consultancy, name=role, role=role, actor=olga).user for role in ("lead", "sales")]
    return [olga, lea, sam, ada, carl, otto, *made]


def test_who_sees_every_engagement_is_who_the_engagements_are_visible_to(people, northlake, otto):
    wide = {person for person in people if sees_every_engagement(person)}

    assert [str(person) for person in people if person not in wide] == [
        "Ada Quint",
        "Carl Brandt",
        "Otto Brandl",
    ]
    assert all(Engagement.objects.visible_to(person).count() == Engagement.objects.count() for person in wide)


def test_what_is_given_everywhere_is_what_each_organization_answers(people):
    organizations = list(Organization.objects.order_by("pk"))
    given = {(person, each) for person in people for each in Permission if is_given_everywhere(person, each)}

    refused = [(str(person), each) for person, each in given for one in organizations if not allowed(person, each, one)]
    fewer = [(str(person), each) for person, each in given if organizations_where(person, each).count() != 3]

    assert len(organizations) == 3
    assert refused == fewer == []
    assert all(sees_every_engagement(person) for person, _ in given)
    assert [each for person, each in given if person.is_service and each in FOR_PEOPLE] == []


def test_one_of_several_is_enough(olga, sam, ada):
    several = (Permission.VIEW_EVIDENCE, Permission.VIEW)

    assert [is_given_everywhere(person, *several) for person in (olga, sam, ada)] == [True, True, False]
    assert [is_given_everywhere(person, several[0]) for person in (olga, sam)] == [True, False]
