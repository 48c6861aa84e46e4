"""Nothing asks for rows that its reader does not see: the second guard has nothing to hold back.

What it holds back is a filter that was forgotten, or worse: a count over all customers that is too small for this
reader, which no other test sees. Such a place says `without_guard`.
"""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.domain.give_membership import give_membership
from accounts.guard.door import guarded_reader, raise_guard
from engagements.models import Engagement
from tests.conftest import SIGNS_EVERYTHING
from tests.factories.accounts import CustomerFactory, UserFactory
from tests.kept import kept
from tests.laws.acts import ACTS, TYPED
from tests.laws.held_back import held_back
from tests.laws.pages import PAGES
from tests.laws.routes import ROUTES
from tests.laws.test_api_matrix import body_of
from tests.laws.world import build_world, named_urls

pytestmark = pytest.mark.django_db

WORDS = dict(named_urls())
READERS = pytest.mark.parametrize("person", ["carl", "ada"])


@kept
def another_world(world, ugo, lea, sam, olga):
    """All of it once more for a customer that neither Carl nor Ada sees."""
    beltane = CustomerFactory(name="Beltane Retail")
    signer, viewer = (UserFactory(email=f"{name}@beltane.example") for name in ("otto", "vito"))
    duties = [*SIGNS_EVERYTHING, ("accept_quotes", None), ("order_rollback", None)]
    give_membership(signer, organization=beltane, role="signatory", duties=duties, actor=olga)
    give_membership(viewer, organization=beltane, role="viewer", actor=olga)
    return build_world(northlake=beltane, carl=signer, vera=viewer, ada=ugo, lea=lea, sam=sam, olga=olga)


@pytest.fixture
def hidden(world, another_world, request):
    """{place: statement} of what is held back when a person asks all of the addresses, each forgotten again."""

    def hidden(person, asked):
        reader = request.getfixturevalue(person)
        with held_back() as found:
            for name, method, sent in asked:
                cache.clear()
                client = Client(raise_request_exception=False)
                url = reverse(name, kwargs=world.arguments_for(name, WORDS[name]))
                with transaction.atomic():
                    client.force_login(reader)
                    answer = getattr(client, method)(url, **sent)
                    answer.streaming and b"".join(answer)
                    transaction.set_rollback(True)
        return found

    return hidden


@READERS
def test_no_page_asks_for_more_than_its_reader_sees(hidden, person):
    assert hidden(person, [(name, "get", {}) for name in PAGES]) == {}


@READERS
def test_no_act_asks_for_more_than_whoever_does_it_sees(hidden, person):
    assert hidden(person, [(name, "post", {"data": TYPED.get(name, {"nothing": "known"})}) for name in ACTS]) == {}


@READERS
def test_no_route_asks_for_more_than_its_reader_sees(hidden, person):
    assert hidden(person, [(name, method, body_of(name, method)) for name, method in ROUTES]) == {}


def test_what_asks_for_more_is_found(another_world, ada):
    with held_back() as found:
        raise_guard(ada.pk)
        assert guarded_reader() == ada.pk
        Engagement.objects.count()

    assert len(found) == 1
    assert "engagements_engagement" in next(iter(found.values()))
