import factory
from django.utils import timezone

from accounts.domain import change_membership as change_acts
from accounts.domain import end_membership as end_acts
from accounts.domain import invite_person as invitation_acts
from accounts.domain import make_service_token as service_token_acts
from accounts.domain import make_token as token_acts
from accounts.models import Organization, User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    full_name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@people.example")


class CustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    kind = Organization.Kind.CUSTOMER
    name = factory.Sequence(lambda n: f"Customer {n}")


def make_token(person, **facts):
    """As its person makes one who has just proved who they are."""
    return token_acts.make_token(person, **{"authenticated_at": timezone.now(), **facts})


def make_service_token(membership, **facts):
    """The same for a service user."""
    return service_token_acts.make_service_token(membership, **{"authenticated_at": timezone.now(), **facts})


def invite_person(email, **facts):
    """By somebody who has just proved who they are, as the next two."""
    return invitation_acts.invite_person(email, **{"authenticated_at": timezone.now(), **facts})


def change_membership(membership, **facts):
    return change_acts.change_membership(membership, **{"authenticated_at": timezone.now(), **facts})


def end_membership(membership, **facts):
    return end_acts.end_membership(membership, **{"authenticated_at": timezone.now(), **facts})
