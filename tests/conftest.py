"""The people of every test, always the same."""

import pytest
from hypothesis import HealthCheck, settings

import tests.proof  # noqa: F401 (whoever is signed in has proved who they are)
from accounts.domain.give_membership import give_membership
from accounts.domain.set_up_consultancy import set_up_consultancy
from accounts.models import Organization
from tests.factories.accounts import CustomerFactory, UserFactory
from tests.factories.engagements import make_engagement
from tests.flush import django_db_setup  # noqa: F401 (a fixture: committing tests leave the database as it was)
from tests.kept import kept, kept_rows  # noqa: F401 (the second is a fixture the first asks for)

# A busy machine is slow: how long an example takes says nothing here.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

PASSWORD = "a-password-of-tests-only"
SIGNS_EVERYTHING = [("sign_phase", phase) for phase in (1, 2, 3, 4, 5)]


def _person(name, email):
    user = UserFactory.build(full_name=name, email=email)
    user.set_password(PASSWORD)
    user.save()
    return user


@kept
def olga():
    """Owner of the consultancy."""
    owner = _person("Olga Ferrer", "olga@practice.example")
    set_up_consultancy(name="Email Migration Practice", owner=owner, time_zone="Etc/GMT+5")
    return owner


@pytest.fixture
def consultancy(olga):
    return Organization.objects.consultancy()


def _staff(name, email, role, consultancy, olga):
    user = _person(name, email)
    give_membership(user, organization=consultancy, role=role, actor=olga)
    return user


@kept
def lea(consultancy, olga):
    """Lead."""
    return _staff("Lea Moser", "lea@practice.example", "lead", consultancy, olga)


@kept
def ada(consultancy, olga):
    """Consultant on the engagement."""
    return _staff("Ada Quint", "ada@practice.example", "consultant", consultancy, olga)


@kept
def ugo(consultancy, olga):
    """A consultant who is on no engagement."""
    return _staff("Ugo Bianchi", "ugo@practice.example", "consultant", consultancy, olga)


@kept
def sam(consultancy, olga):
    """Sales."""
    return _staff("Sam Ortiz", "sam@practice.example", "sales", consultancy, olga)


@kept
def northlake(consultancy):
    return CustomerFactory(name="Northlake Logistics")


def _member(name, email, role, organization, olga, duties=()):
    user = _person(name, email)
    give_membership(user, organization=organization, role=role, duties=duties, actor=olga)
    return user


@kept
def carl(northlake, olga):
    """Customer signatory with every duty."""
    duties = [*SIGNS_EVERYTHING, ("accept_quotes", None), ("order_rollback", None)]
    return _member("Carl Brandt", "carl@northlake.example", "signatory", northlake, olga, duties)


@kept
def vera(northlake, olga):
    """Customer viewer."""
    return _member("Vera Holm", "vera@northlake.example", "viewer", northlake, olga)


@kept
def otto(consultancy, olga):
    """Another customer."""
    other = CustomerFactory(name="Beltane Retail")
    return _member("Otto Brandl", "otto@beltane.example", "signatory", other, olga, [("sign_phase", 1)])


@kept
def engagement(northlake, sam, lea, ada):
    """Northlake's engagement at intake, led by Lea, with Ada on it."""
    return make_engagement(northlake, sales=sam, lead=lea, consultants=[ada], title="Northlake to PowerMTA")
