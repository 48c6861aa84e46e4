import pytest
from django.core.cache import cache

from accounts.domain.make_service_user import make_service_user
from tests.factories.accounts import invite_person
from tests.kept import kept


@pytest.fixture(autouse=True)
def no_attempts_yet():
    """Attempts to sign in are counted in the cache; each test begins at zero."""
    cache.clear()


@kept
def ines(northlake, carl):
    """Invited by Carl to sign phases 1 and 2 for Northlake; not here yet. The invitation and its token."""
    return invite_person(
        "ines@northlake.example",
        organization=northlake,
        role="contributor",
        duties=[("sign_phase", 1), ("sign_phase", 2)],
        full_name="Ines Roth",
        actor=carl,
    )


@pytest.fixture
def desk(northlake, carl):
    """A service user of Northlake, without a token."""
    return make_service_user(northlake, name="Ticket desk", role="contributor", actor=carl)
