"""visible_to() is tried with rows: whose they are not sees none of them, whatever the model."""

import pytest

from engagements.models import Engagement
from tests.factories.accounts import UserFactory
from tests.laws.models import customer_models, path_to, path_to_organization

pytestmark = pytest.mark.django_db

# So many kinds of rows stand in the world of the laws at least; with fewer, these laws would say little.
KINDS = 25


def fetched_by_themselves():
    return [model for model in customer_models() if hasattr(model._default_manager, "visible_to")]


def seen_by(person, organization, models):
    """Labels of the models of which this person sees rows of the organization."""
    return {
        model._meta.label
        for model in models
        if model._default_manager.visible_to(person)
        .filter(**{path_to_organization(model) or "pk": organization.pk})
        .exists()
    }


def test_there_is_something_to_see(world, carl, olga, northlake):
    assert len(seen_by(olga, northlake, fetched_by_themselves())) >= KINDS
    assert "engagements.Engagement" in seen_by(carl, northlake, fetched_by_themselves())


def test_another_customer_sees_nothing(world, otto, northlake):
    assert seen_by(otto, northlake, fetched_by_themselves()) == set()


def test_who_belongs_nowhere_sees_nothing(world, northlake):
    assert seen_by(UserFactory(), northlake, fetched_by_themselves()) == set()


def test_whose_membership_ended_sees_nothing(world, northlake, vera):
    vera.memberships.all().delete()

    assert seen_by(vera, northlake, fetched_by_themselves()) == set()


def test_a_consultant_sees_nothing_of_an_engagement_they_are_not_on(world, northlake, ada):
    world.engagement.consultants.remove(ada)
    of_engagements = [model for model in fetched_by_themselves() if path_to(model, Engagement) is not None]

    assert seen_by(ada, northlake, of_engagements) == set()
