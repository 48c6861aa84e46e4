import factory
from django.utils import timezone

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
